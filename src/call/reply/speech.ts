import type { Clock } from '../../platform/process/clock.ts';
import type { CarrierLink } from './carrier-link.ts';
import { Chunker } from './chunker.ts';
import { describeHeard, type HeardSpeech, joinTexts } from './heard-text.ts';
import type { PlayoutClock } from './playout-clock.ts';
import { Playout, type PlayoutListener } from './playout.ts';
import { hasWords, speakable } from './speakable-text.ts';
import { type SpeechEvent, SpeechEvents } from './speech-events.ts';
import type { Voices } from './voices.ts';
import { Voicing, type VoicingState } from './voicing.ts';

export interface SpeechDeps {
  readonly clock: Clock;
  readonly playoutClock: PlayoutClock;
  readonly link: CarrierLink;
  readonly voices: Voices;
  readonly emit: (event: SpeechEvent) => void;
  /** Whether a held speech may take the floor; false if another one has replaced it. */
  readonly mayRelease: () => boolean;
}

/** The part of a speech that answers use; the rest is for the speaker. */
export type AnswerSpeech = Pick<
  Speech,
  'pushText' | 'pushPhrase' | 'endText' | 'release' | 'pause' | 'resume' | 'heard' | 'close'
>;

/**
 * The speech of one answer. It turns text into audio at the carrier and always knows what was heard. Only the speech
 * that has the floor sends audio.
 */
export class Speech implements PlayoutListener {
  readonly #deps: SpeechDeps;
  readonly #events: SpeechEvents;
  readonly #playout: Playout;
  readonly #voicing: Voicing;
  readonly #chunker: Chunker;
  #isTextEnded = false;

  constructor(options: { readonly held: boolean }, deps: SpeechDeps) {
    this.#deps = deps;
    this.#events = new SpeechEvents(deps.clock, deps.emit);
    this.#playout = new Playout(deps, this);
    this.#voicing = new Voicing({
      ...deps,
      playout: this.#playout,
      events: this.#events,
      onExhausted: () => this.#chunker.flush(),
    });
    this.#chunker = new Chunker({
      clock: deps.clock,
      isVoiceHungry: () => this.#voicing.isHungry,
      emit: (chunk) => this.#voicing.add(chunk),
    });
    if (!options.held) this.#voicing.start();
  }

  get state(): VoicingState {
    return this.#voicing.state;
  }

  /** Model text, in pieces of any size; cut into speakable chunks inside. */
  pushText(delta: string): void {
    if (this.#takesText()) this.#chunker.push(delta);
  }

  /** Plays pre-synthesised audio next (a phrase, the greeting), or synthesises `text` if there is none. */
  pushPhrase(text: string, mulaw: Uint8Array | undefined): void {
    if (!this.#takesText()) return;
    this.#chunker.flush();
    const spoken = speakable(text);
    if (hasWords(spoken)) this.#voicing.add(spoken, mulaw);
  }

  /** No more text or phrases: `closed` follows when all has been played. */
  endText(): void {
    if (!this.#takesText()) return;
    this.#chunker.flush();
    this.#isTextEnded = true;
    this.#voicing.endText();
  }

  /** Starts a held (speculative) speech. No effect when it is not held. */
  release(): void {
    if (this.state === 'held' && this.#deps.mayRelease()) this.#voicing.start();
  }

  /** Pauses and keeps what is unheard. Clears the carrier synchronously. No effect when nothing is playing. */
  pause(): void {
    this.#playout.pause();
  }

  /** Resumes at the first unheard sample. */
  resume(): void {
    this.#playout.resume();
  }

  /** What was heard so far. */
  heard(): HeardSpeech {
    return describeHeard({
      parts: this.#voicing.parts,
      unsaidText: joinTexts([...this.#voicing.unsaidTexts, this.#chunker.pendingText]),
      isTextEnded: this.#isTextEnded,
      heardBytes: this.#playout.heardBytes(),
      offsetMsOf: (bytes) => this.#playout.offsetMsOf(bytes),
    });
  }

  /** Ends the speech: clears the carrier synchronously and cancels the voice. `heard()` stays available. */
  close(): void {
    // The carrier is cleared first, because only that is audible.
    this.#playout.close();
    this.#close(undefined);
  }

  // ── calls from the speaker ──

  onMark(generation: number, bytes: number): void {
    this.#playout.onMark(generation, bytes);
  }

  onNewStream(): void {
    this.#playout.restartOnNewStream();
  }

  /** The voice's session is lost; true when this speech was waiting for it. */
  onSessionLost(detail: string): boolean {
    return this.#voicing.onSessionLost(detail);
  }

  // ── events of the playout ──

  onAudible(): void {
    this.#events.emitOnce({ type: 'audible' });
  }

  onProgress(): void {
    this.#voicing.advance();
  }

  onPlayedOut(): void {
    this.#close(this.state === 'exhausted' ? 'failed' : 'finished');
  }

  #takesText(): boolean {
    return !this.#isTextEnded && (this.state === 'held' || this.state === 'speaking');
  }

  #close(outcome: 'finished' | 'failed' | undefined): void {
    if (this.state === 'closed') return;
    this.#voicing.close();
    // Text pending in the chunker was not spoken, but is part of the generated text.
    this.#chunker.flush();
    this.#events.close(outcome);
  }
}
