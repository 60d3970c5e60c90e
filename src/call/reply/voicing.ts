import { bytesToMs, msToBytes } from '../../audio/frame.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { MS_PER_CHARACTER } from './heard-text.ts';
import type { Playout } from './playout.ts';
import type { SpeechEvents } from './speech-events.ts';
import type { UtteranceEvent } from './text-to-speech.ts';
import { VoicedText } from './voiced-text.ts';
import type { Voices } from './voices.ts';

/** A voice that is silent for this long with text to say has failed [F7]. */
const AUDIO_DEADLINE_MS = 1_500;
/** With this much unheard speech, text is held back: what an interruption discards is billed all the same. */
const HOLD_TEXT_AHEAD_MS = 20_000;
/** Limit of unsent audio, against a voice that does not stop; the excess is dropped [F20]. */
const MAX_UNSENT_BYTES = msToBytes(120_000);
/** With less unheard speech than this, the caller will soon hear silence. */
const HUNGRY_AHEAD_MS = 1_000;
/** Limit for voices that each speak a little and fail again. */
const MAX_FAILOVERS = 6;

export interface VoicingDeps {
  readonly clock: Clock;
  readonly voices: Voices;
  readonly playout: Playout;
  readonly events: SpeechEvents;
  /** No voice is left; the audio received so far is still played. */
  readonly onExhausted: () => void;
}

/** A chunk or a phrase that was not sent to the voice yet. */
interface ScriptItem {
  readonly text: string;
  /** Pre-synthesised audio, which needs no voice. */
  readonly mulaw: Uint8Array | undefined;
  /** True if it was sent to a voice that failed. */
  readonly isRepeated: boolean;
}

/** `held`: text only. `speaking`: text goes to the voice and audio to the playout. `exhausted`: no voice is left. */
export type VoicingState = 'held' | 'speaking' | 'exhausted' | 'closed';

/**
 * Sends the text of one speech to the voice, and the voice's audio to the playout in the order of the text. A voice
 * that fails or falls silent is replaced by the next, which continues at the first word without audio.
 */
export class Voicing {
  readonly #deps: VoicingDeps;
  #state: VoicingState = 'held';
  readonly #script: ScriptItem[] = [];
  readonly #parts: VoicedText[] = [];
  /** Index of the part whose audio is being passed to the playout. */
  #head = 0;
  #isTextEnded = false;
  #failovers = 0;
  #cancelWatchdog: CancelTimer | undefined;

  constructor(deps: VoicingDeps) {
    this.#deps = deps;
  }

  get state(): VoicingState {
    return this.#state;
  }

  /** The text sent to voices, in order. */
  get parts(): readonly VoicedText[] {
    return this.#parts;
  }

  get unsaidTexts(): readonly string[] {
    return this.#script.map(({ text }) => text);
  }

  /** True if the caller will soon hear silence, so that text should be cut at clauses. */
  get isHungry(): boolean {
    const scriptMs = this.#script.reduce((sum, { text }) => sum + text.length * MS_PER_CHARACTER, 0);
    return this.#aheadMs() + scriptMs < HUNGRY_AHEAD_MS;
  }

  /** Starts to send the held text to the voice. */
  start(): void {
    if (this.#state !== 'held') return;
    this.#state = 'speaking';
    this.advance();
  }

  add(text: string, mulaw?: Uint8Array): void {
    this.#script.push({ text, mulaw, isRepeated: false });
    this.advance();
  }

  /** No more text will come. */
  endText(): void {
    this.#isTextEnded = true;
    this.advance();
  }

  /** Sends text that is due to the voice; called whenever playback has advanced. */
  advance(): void {
    while (this.#state === 'speaking') {
      const item = this.#script[0];
      if (item === undefined) break;
      if (item.mulaw === undefined && this.#aheadMs() > HOLD_TEXT_AHEAD_MS) return;
      this.#script.shift();
      this.#say(item);
    }
    if (this.#state !== 'speaking') return;
    if (this.#isTextEnded) this.#endOpenPart();
    this.#playParts();
  }

  /** Handles the loss of the voice's session; true if text was waiting for it. */
  onSessionLost(detail: string): boolean {
    const isWaiting = this.#parts.some(({ utterance }) => utterance !== undefined);
    if (this.#state !== 'speaking' || !isWaiting) return false;
    this.#failOver(detail);
    return true;
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopWatching();
    for (const part of this.#parts) part.close();
  }

  /** Unheard speech: audio, and text sent to the voice. */
  #aheadMs(): number {
    const { playout } = this.#deps;
    const audioMs = bytesToMs(playout.endBytes - playout.heardBytes());
    let comingMs = 0;
    for (let n = this.#head; n < this.#parts.length; n += 1) comingMs += this.#parts[n]!.comingMs;
    return audioMs + comingMs;
  }

  // ── text to voice ──

  #say({ text, mulaw, isRepeated }: ScriptItem): void {
    const { events } = this.#deps;
    if (mulaw === undefined) {
      this.#give(this.#openPart(), text);
    } else {
      this.#endOpenPart();
      this.#parts.push(VoicedText.ready(text, mulaw));
    }
    events.emitOnce({ type: 'voice-requested' });
    if (!isRepeated) events.emit({ type: 'text-chunk', text });
    if (mulaw !== undefined) events.emitOnce({ type: 'voice-answered' });
    this.#playParts();
  }

  /** The part that takes more text; begins one if there is none. */
  #openPart(): VoicedText {
    const last = this.#parts.at(-1);
    if (last?.state === 'open') return last;
    const part = new VoicedText();
    this.#parts.push(part);
    return part;
  }

  #give(part: VoicedText, piece: string): void {
    const { clock, voices } = this.#deps;
    if (part.isCovered) part.progressAtMs = clock.nowMs();
    part.add(piece);
    if (part.utterance === undefined) {
      const utterance = voices.begin((event) => this.#onUtterance(part, event));
      // The voice may have failed within `begin`, and the part been completed.
      if (part.state === 'complete') return;
      if (utterance === undefined) {
        this.#takeBack();
        this.#exhaust('no voice is left');
        return;
      }
      part.utterance = utterance;
    }
    voices.countCharacters(piece.length);
    // A chunk ends with white space, because some voices concatenate chunks.
    part.utterance.push(`${piece} `);
    this.#watch();
  }

  #endOpenPart(): void {
    const last = this.#parts.at(-1);
    if (last?.state !== 'open') return;
    last.end(this.#deps.clock.nowMs());
    this.#watch();
  }

  // ── voice to playout ──

  #onUtterance(part: VoicedText, event: UtteranceEvent): void {
    if (part.state === 'complete' || this.#state !== 'speaking') return;
    switch (event.type) {
      case 'audio':
        this.#onAudio(part, event.mulaw);
        return;
      case 'alignment':
        part.align(event.characters);
        return;
      case 'text-spoken':
        part.pieceSpoken(event.index);
        return;
      case 'ended':
        if (part.hasAudio) this.#completePart(part);
        else this.#failOver('ended without audio');
        return;
      case 'failed':
        this.#failOver(event.error.message);
        return;
      default:
        event satisfies never;
    }
  }

  #onAudio(part: VoicedText, mulaw: Uint8Array): void {
    part.progressAtMs = this.#deps.clock.nowMs();
    this.#deps.events.voiceAnswered();
    if (this.#deps.playout.unsentBytes < MAX_UNSENT_BYTES) this.#receive(part, part.receive(mulaw));
  }

  #receive(part: VoicedText, mulaw: Uint8Array): void {
    if (mulaw.length === 0) return;
    if (part.startBytes === undefined) part.waiting.push(mulaw);
    else this.#deps.playout.append(mulaw);
  }

  #completePart(part: VoicedText): void {
    this.#deps.voices.succeed();
    this.#receive(part, part.complete());
    this.#playParts();
  }

  /** Hands audio to the playout, part by part. */
  #playParts(): void {
    while (this.#state === 'speaking' || this.#state === 'exhausted') {
      const part = this.#parts[this.#head];
      if (part === undefined) break;
      if (part.startBytes === undefined) this.#startPart(part);
      if (part.state !== 'complete') return;
      this.#head += 1;
    }
    const isAllSaid = this.#isTextEnded && this.#script.length === 0;
    if (this.#state === 'exhausted' || (this.#state === 'speaking' && isAllSaid)) this.#deps.playout.end();
  }

  #startPart(part: VoicedText): void {
    part.startBytes = this.#deps.playout.endBytes;
    part.progressAtMs = Math.max(part.progressAtMs, this.#deps.clock.nowMs());
    // Removed before the loop, because the playout may call back into this object.
    for (const mulaw of part.waiting.splice(0)) this.#deps.playout.append(mulaw);
    this.#watch();
  }

  // ── when the voice fails ──

  /**
   * One timer watches what the voice has to deliver; it is re-armed when it fires and not with every piece of audio.
   */
  #watch(): void {
    if (this.#cancelWatchdog !== undefined || this.#state !== 'speaking') return;
    const part = this.#parts[this.#head];
    if (part === undefined || !part.isOwed) return;
    const delayMs = part.progressAtMs + AUDIO_DEADLINE_MS - this.#deps.clock.nowMs();
    this.#cancelWatchdog = this.#deps.clock.after(delayMs, () => this.#onWatchdog(part));
  }

  #onWatchdog(part: VoicedText): void {
    this.#cancelWatchdog = undefined;
    const isOverdue = this.#deps.clock.nowMs() - part.progressAtMs >= AUDIO_DEADLINE_MS;
    if (isOverdue && part.state !== 'complete' && part === this.#parts[this.#head]) {
      if (!part.isCovered) this.#failOver(`no audio for ${AUDIO_DEADLINE_MS} ms`);
      else if (part.state === 'ended') this.#cancelEnd(part);
    }
    this.#watch();
  }

  /** Ends the part without the vendor's end of the utterance, because all its audio was received. */
  #cancelEnd(part: VoicedText): void {
    part.utterance?.cancel();
    this.#completePart(part);
  }

  /** Continues the sentence with the next voice, from the first word without audio. */
  #failOver(detail: string): void {
    const { voices, events } = this.#deps;
    const { vendor } = voices;
    this.#failovers += 1;
    const isTextWaiting = this.#takeBack();
    if (this.#failovers > MAX_FAILOVERS || !voices.fail()) {
      this.#exhaust(detail);
      return;
    }
    events.voiceLost(vendor, detail, isTextWaiting);
    this.advance();
  }

  /** Puts text in flight back at the start of the queue; true if there was any. */
  #takeBack(): boolean {
    const unsaid: ScriptItem[] = [];
    for (const part of this.#parts.slice(this.#head)) {
      const mulaw = part.readyAudio;
      const pieces = this.#breakOff(part);
      unsaid.push(...pieces.map((text) => ({ text, mulaw, isRepeated: true })));
    }
    // Parts that were not playing yet are removed; the first one keeps the words whose audio was received.
    this.#parts.length = Math.min(this.#parts.length, this.#head + 1);
    this.#script.unshift(...unsaid);
    return unsaid.length > 0;
  }

  #breakOff(part: VoicedText): string[] {
    const { playout, voices } = this.#deps;
    const { keepBytes, unsaid } = part.breakOff();
    if (part.startBytes === undefined) return unsaid;
    if (keepBytes > 0) voices.succeed();
    part.receivedBytes = playout.truncate(part.startBytes + keepBytes) - part.startBytes;
    return unsaid;
  }

  #exhaust(detail: string): void {
    this.#state = 'exhausted';
    this.#stopWatching();
    this.#deps.onExhausted();
    this.#deps.events.voicesExhausted(this.#deps.voices.vendor, detail);
    this.#playParts();
  }

  #stopWatching(): void {
    this.#cancelWatchdog?.();
    this.#cancelWatchdog = undefined;
  }
}
