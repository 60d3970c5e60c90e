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
  /** A held speech wants to speak; false when another one has taken its place. */
  readonly mayRelease: () => boolean;
}

/** What an answer does with its speech; the rest is between the speech and the speaker. */
export type AnswerSpeech = Pick<
  Speech,
  'pushText' | 'pushPhrase' | 'endText' | 'release' | 'pause' | 'resume' | 'heard' | 'close'
>;

/**
 * One answer on its way to the caller's ear. Text goes in, audio goes to the carrier, and at any moment it can say
 * what was heard. Only the speech that has the floor ever reaches the carrier.
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

  /** Says ready audio next (a phrase, the greeting), or synthesises `text` where there is none. */
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

  /** Lets a held (speculative) speech go to the voice and the ear. No effect when it is not held. */
  release(): void {
    if (this.state === 'held' && this.#deps.mayRelease()) this.#voicing.start();
  }

  /** Stops at the ear, keeping what is unheard. Clears the carrier synchronously. No effect when nothing is playing. */
  pause(): void {
    this.#playout.pause();
  }

  /** Goes on at the first unheard sample. */
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

  /** Cuts it for good: clears the carrier synchronously and drops the voice's work. What was heard stays known. */
  close(): void {
    // The carrier first: what happens at the voice is not heard.
    this.#playout.close();
    this.#close(undefined);
  }

  // ── what the speaker passes on ──

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

  // ── what the playout tells ──

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
    // What the chunker holds was never said, and belongs to what was generated.
    this.#chunker.flush();
    this.#events.close(outcome);
  }
}
