import { bytesToMs, msToBytes } from '../../audio/frame.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import type { CarrierLink } from './carrier-link.ts';
import { Chunker } from './chunker.ts';
import { MS_PER_CHARACTER, describeHeard, joinTexts } from './heard-text.ts';
import { ReplyEvents } from './reply-events.ts';
import type { PlayoutClock } from './playout-clock.ts';
import { Playout } from './playout.ts';
import { hasWords, speakable } from './speakable-text.ts';
import type { HeardReply, SpokenReply, SpokenReplyEvent } from './spoken-reply.ts';
import type { UtteranceEvent } from './text-to-speech.ts';
import { VoicedText } from './voiced-text.ts';
import type { VoiceLine } from './voice-line.ts';

/** A voice that is silent for this long with text to say has failed [F7]. */
const AUDIO_DEADLINE_MS = 1_500;
/** With this much ahead of the ear, text can wait: what an interruption throws away was paid for. */
const HOLD_TEXT_AHEAD_MS = 20_000;
/** A voice that runs wild: what comes beyond this is dropped [F20]. */
const MAX_UNSENT_BYTES = msToBytes(120_000);
/** With less than this ahead, the caller will soon hear silence. */
const HUNGRY_AHEAD_MS = 1_000;
/** Each voice said a little and died, over and over. */
const MAX_FAILOVERS = 6;

export interface ReplySpeechDeps {
  readonly clock: Clock;
  readonly playoutClock: PlayoutClock;
  readonly link: CarrierLink;
  readonly voices: VoiceLine;
  readonly emit: (event: SpokenReplyEvent) => void;
  /** A held reply wants to speak; false when another one has taken its place. */
  readonly mayRelease: () => boolean;
}

interface ScriptItem {
  readonly text: string;
  readonly mulaw: Uint8Array | undefined;
  /** It was given to a voice that failed. */
  readonly isRepeated: boolean;
}

/**
 * `held`: text only. `speaking`: text goes to the voice and audio to the ear. `failing`: no voice is left, what there
 * is is being played. `over`: finished, failed or interrupted; nothing is emitted any more.
 */
type SpeechState = 'held' | 'speaking' | 'failing' | 'over';

/** One reply being said: its text on the way to the voice, the voice's audio on the way to the playout. */
export class ReplySpeech implements SpokenReply {
  readonly replyId: string;
  readonly #deps: ReplySpeechDeps;
  readonly #events: ReplyEvents;
  readonly #playout: Playout;
  readonly #chunker: Chunker;
  #state: SpeechState;
  /** Chunks and phrases not yet given to the voice. */
  readonly #script: ScriptItem[] = [];
  readonly #parts: VoicedText[] = [];
  /** The part whose audio is being handed to the playout. */
  #head = 0;
  #isTextEnded = false;
  #failovers = 0;
  #cancelWatchdog: CancelTimer | undefined;

  constructor(replyId: string, options: { readonly held: boolean }, deps: ReplySpeechDeps) {
    this.replyId = replyId;
    this.#deps = deps;
    this.#state = options.held ? 'held' : 'speaking';
    this.#events = new ReplyEvents(deps.clock, deps.emit);
    this.#playout = new Playout({
      ...deps,
      listener: {
        onAudible: () => this.#events.tellOnce({ type: 'audible' }),
        onProgress: () => this.#advance(),
        onFinished: () => this.#onPlayedOut(),
      },
    });
    this.#chunker = new Chunker({
      clock: deps.clock,
      isVoiceHungry: () => this.#aheadMs() + this.#scriptMs() < HUNGRY_AHEAD_MS,
      emit: (text) => {
        this.#script.push({ text, mulaw: undefined, isRepeated: false });
        this.#advance();
      },
    });
  }

  pushText(delta: string): void {
    if (!this.#takesText()) return;
    this.#chunker.push(delta);
  }

  pushPhrase(text: string, mulaw: Uint8Array | undefined): void {
    if (!this.#takesText()) return;
    this.#chunker.flush();
    const spoken = speakable(text);
    if (hasWords(spoken)) this.#script.push({ text: spoken, mulaw, isRepeated: false });
    this.#advance();
  }

  endText(): void {
    if (!this.#takesText()) return;
    this.#chunker.flush();
    this.#isTextEnded = true;
    this.#advance();
  }

  release(): void {
    if (this.#state !== 'held' || !this.#deps.mayRelease()) return;
    this.#state = 'speaking';
    this.#advance();
  }

  pause(): void {
    this.#playout.pause();
  }

  resume(): void {
    this.#playout.resume();
  }

  interrupt(): HeardReply {
    // The carrier first: what happens at the voice is not heard.
    this.#playout.cut();
    if (this.#state !== 'over') this.#close();
    return this.heard();
  }

  heard(): HeardReply {
    return describeHeard({
      parts: this.#parts,
      unsaidText: joinTexts([...this.#script.map(({ text }) => text), this.#chunker.pendingText]),
      isTextEnded: this.#isTextEnded,
      heardBytes: this.#playout.heardBytes(),
      offsetMsOf: (bytes) => this.#playout.offsetMsOf(bytes),
    });
  }

  // ── what the speaker passes on ──

  onMark(generation: number, bytes: number): void {
    this.#playout.onMark(generation, bytes);
  }

  onNewStream(): void {
    this.#playout.restartOnNewStream();
  }

  /** The voice's session is gone; true when this reply was waiting for it. */
  onSessionLost(detail: string): boolean {
    if (this.#state !== 'speaking' || !this.#parts.some(({ utterance }) => utterance !== undefined))
      return false;
    this.#failOver(detail);
    return true;
  }

  // ── text to voice ──

  #takesText(): boolean {
    return !this.#isTextEnded && (this.#state === 'held' || this.#state === 'speaking');
  }

  #advance(): void {
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

  /** Audio and text given to the voice, ahead of the ear. */
  #aheadMs(): number {
    const audioMs = bytesToMs(this.#playout.endBytes - this.#playout.heardBytes());
    let comingMs = 0;
    for (let n = this.#head; n < this.#parts.length; n += 1) comingMs += this.#parts[n]!.comingMs;
    return audioMs + comingMs;
  }

  #scriptMs(): number {
    return this.#script.reduce((sum, { text }) => sum + text.length * MS_PER_CHARACTER, 0);
  }

  #say({ text, mulaw, isRepeated }: ScriptItem): void {
    if (mulaw === undefined) {
      const part = this.#openPart();
      this.#give(part, text);
    } else {
      this.#endOpenPart();
      this.#parts.push(VoicedText.ready(text, mulaw));
    }
    this.#events.tellOnce({ type: 'voice-requested' });
    if (!isRepeated) this.#events.tell({ type: 'text-chunk', text });
    if (mulaw !== undefined) this.#events.tellOnce({ type: 'voice-answered' });
    this.#playParts();
  }

  /** The part that takes more text, begun when there is none. */
  #openPart(): VoicedText {
    const last = this.#parts.at(-1);
    if (last !== undefined && !last.isComplete && !last.isEnded) return last;
    const part = new VoicedText();
    this.#parts.push(part);
    return part;
  }

  #give(part: VoicedText, piece: string): void {
    if (part.isCovered) part.progressAtMs = this.#deps.clock.nowMs();
    part.add(piece);
    if (part.utterance === undefined) {
      const utterance = this.#deps.voices.begin((event) => this.#onUtterance(part, event));
      // The voice may have failed within `begin`; then the part has been dealt with.
      if (part.isComplete) return;
      if (utterance === undefined) {
        this.#takeBack();
        this.#giveUp('no voice is left');
        return;
      }
      part.utterance = utterance;
    }
    this.#deps.voices.countCharacters(piece.length);
    // A chunk ends with white space, for voices that join what they are given.
    part.utterance.push(`${piece} `);
    this.#watch();
  }

  #endOpenPart(): void {
    const last = this.#parts.at(-1);
    if (last === undefined || last.isComplete || last.isEnded) return;
    last.isEnded = true;
    last.progressAtMs = Math.max(last.progressAtMs, this.#deps.clock.nowMs());
    last.utterance?.end();
    this.#watch();
  }

  // ── voice to ear ──

  #onUtterance(part: VoicedText, event: UtteranceEvent): void {
    if (part.isComplete || this.#state !== 'speaking') return;
    switch (event.type) {
      case 'audio':
        part.progressAtMs = this.#deps.clock.nowMs();
        this.#events.voiceAnswered();
        if (this.#playout.unsentBytes < MAX_UNSENT_BYTES) this.#receive(part, part.receive(event.mulaw));
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

  #receive(part: VoicedText, mulaw: Uint8Array): void {
    if (mulaw.length === 0) return;
    if (part.startBytes === undefined) part.waiting.push(mulaw);
    else this.#playout.append(mulaw);
  }

  #completePart(part: VoicedText): void {
    this.#deps.voices.succeed();
    this.#receive(part, part.complete());
    this.#playParts();
  }

  /** Hands audio to the playout, part by part in the order of the text. */
  #playParts(): void {
    while (this.#state === 'speaking' || this.#state === 'failing') {
      const part = this.#parts[this.#head];
      if (part === undefined) break;
      if (part.startBytes === undefined) this.#startPart(part);
      if (!part.isComplete) return;
      this.#head += 1;
    }
    const isAllSaid = this.#isTextEnded && this.#script.length === 0;
    if (this.#state === 'failing' || (this.#state === 'speaking' && isAllSaid)) this.#playout.end();
  }

  #startPart(part: VoicedText): void {
    part.startBytes = this.#playout.endBytes;
    part.progressAtMs = Math.max(part.progressAtMs, this.#deps.clock.nowMs());
    // Taken out first: the playout may call back into here.
    for (const mulaw of part.waiting.splice(0)) this.#playout.append(mulaw);
    this.#watch();
  }

  #onPlayedOut(): void {
    this.#close(
      this.#state === 'failing' ? { type: 'failed', detail: 'no voice is left' } : { type: 'finished' },
    );
  }

  // ── when the voice fails ──

  /** One timer for whatever the voice owes; moved on when it fires, not with every piece of audio. */
  #watch(): void {
    if (this.#cancelWatchdog !== undefined || this.#state !== 'speaking') return;
    const part = this.#parts[this.#head];
    if (part === undefined || part.isComplete || (part.isCovered && !part.isEnded)) return;
    const delayMs = part.progressAtMs + AUDIO_DEADLINE_MS - this.#deps.clock.nowMs();
    this.#cancelWatchdog = this.#deps.clock.after(delayMs, () => this.#onWatchdog(part));
  }

  #onWatchdog(part: VoicedText): void {
    this.#cancelWatchdog = undefined;
    const isOverdue = this.#deps.clock.nowMs() - part.progressAtMs >= AUDIO_DEADLINE_MS;
    if (isOverdue && !part.isComplete && part === this.#parts[this.#head]) {
      if (!part.isCovered) this.#failOver(`no audio for ${AUDIO_DEADLINE_MS} ms`);
      else if (part.isEnded) this.#forgoEnd(part);
    }
    this.#watch();
  }

  /** Everything was said, only the vendor's last word is missing. */
  #forgoEnd(part: VoicedText): void {
    part.utterance?.cancel();
    this.#completePart(part);
  }

  /** The same sentence goes on with the next voice, from the first word that has no audio. */
  #failOver(detail: string): void {
    const { voices } = this.#deps;
    const { vendor } = voices;
    this.#failovers += 1;
    const isWaiting = this.#takeBack();
    if (this.#failovers > MAX_FAILOVERS || !voices.fail()) {
      this.#giveUp(detail);
      return;
    }
    this.#events.voiceLost(vendor, detail, isWaiting);
    this.#advance();
  }

  /** Puts what is in flight back in front of the script; true when there was anything. */
  #takeBack(): boolean {
    const unsaid: ScriptItem[] = [];
    for (const part of this.#parts.slice(this.#head)) {
      const mulaw = part.readyAudio;
      const pieces = this.#breakOff(part);
      unsaid.push(...pieces.map((text) => ({ text, mulaw, isRepeated: true })));
    }
    // Parts whose turn had not come leave no trace; the first keeps the words that have their audio.
    this.#parts.length = Math.min(this.#parts.length, this.#head + 1);
    this.#script.unshift(...unsaid);
    return unsaid.length > 0;
  }

  #breakOff(part: VoicedText): string[] {
    const { keepBytes, unsaid } = part.breakOff();
    if (part.startBytes === undefined) return unsaid;
    if (keepBytes > 0) this.#deps.voices.succeed();
    part.receivedBytes = this.#playout.truncate(part.startBytes + keepBytes) - part.startBytes;
    return unsaid;
  }

  #giveUp(detail: string): void {
    this.#state = 'failing';
    this.#chunker.flush();
    this.#stopWatching();
    this.#events.voicesExhausted(this.#deps.voices.vendor, detail);
    this.#playParts();
  }

  // ── the end ──

  #close(last?: SpokenReplyEvent): void {
    this.#state = 'over';
    this.#chunker.flush();
    this.#stopWatching();
    for (const part of this.#parts) part.abandon();
    this.#events.close(last);
  }

  #stopWatching(): void {
    this.#cancelWatchdog?.();
    this.#cancelWatchdog = undefined;
  }
}
