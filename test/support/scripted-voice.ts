import type { CancelTimer, Clock } from '../../src/platform/process/clock.ts';
import { VendorError } from '../../src/platform/process/errors.ts';
import type {
  TextToSpeech,
  TextToSpeechOptions,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from '../../src/call/reply/text-to-speech.ts';

export interface VoiceScript {
  /** From a text to its first audio. */
  firstAudioMs: number;
  msPerCharacter: number;
  /** Audio comes in pieces of this length… */
  pieceMs: number;
  /** …this many times faster than real time. */
  speedup: number;
  tells: 'alignments' | 'text-spoken' | 'nothing';
  /** Silence in front of every utterance. */
  leadingSilenceMs: number;
  /** The session breaks after this much audio, once. */
  dieAfterBytes: number | undefined;
  /** Takes text and gives nothing. */
  isSilent: boolean;
  /** Every session is closed with an error as soon as it is opened. */
  isRefusing: boolean;
}

const defaults: VoiceScript = {
  firstAudioMs: 80,
  msPerCharacter: 60,
  pieceMs: 100,
  speedup: 10,
  tells: 'alignments',
  leadingSilenceMs: 0,
  dieAfterBytes: undefined,
  isSilent: false,
  isRefusing: false,
};

/** A voice in virtual time: every text becomes loud audio of a known length, byte for byte recognisable. */
export class ScriptedVoice implements TextToSpeech {
  readonly vendor: string;
  readonly script: VoiceScript;
  readonly texts: string[] = [];
  /** Every byte of audio given out, in order. */
  readonly audio: Uint8Array[] = [];
  opened = 0;
  openSessions = 0;
  openUtterances = 0;
  cancelled = 0;
  readonly clock: Clock;
  readonly #sessions = new Set<ScriptedSession>();

  constructor(clock: Clock, vendor: string, script: Partial<VoiceScript> = {}) {
    this.clock = clock;
    this.vendor = vendor;
    this.script = { ...defaults, ...script };
  }

  open(
    _options: TextToSpeechOptions,
    onClosed: (error: VendorError | undefined) => void,
  ): TextToSpeechSession {
    this.opened += 1;
    this.openSessions += 1;
    const session = new ScriptedSession(this, (error) => {
      this.openSessions -= 1;
      this.#sessions.delete(session);
      onClosed(error);
    });
    this.#sessions.add(session);
    if (this.script.isRefusing) this.clock.after(5, () => session.break('refused'));
    return session;
  }

  /** All sessions break. */
  break(message = 'socket hang up'): void {
    for (const session of Array.from(this.#sessions)) session.break(message);
  }

  get spokenText(): string {
    return this.texts.join('').trim();
  }
}

class ScriptedSession implements TextToSpeechSession {
  readonly #voice: ScriptedVoice;
  readonly #onClosed: (error: VendorError | undefined) => void;
  readonly utterances = new Set<ScriptedUtterance>();
  #isClosed = false;

  constructor(voice: ScriptedVoice, onClosed: (error: VendorError | undefined) => void) {
    this.#voice = voice;
    this.#onClosed = onClosed;
  }

  begin(listener: (event: UtteranceEvent) => void): Utterance {
    const utterance = new ScriptedUtterance(this.#voice, this, listener);
    if (!this.#isClosed) this.utterances.add(utterance);
    return utterance;
  }

  break(message: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const error = new VendorError('elevenlabs', message, { isRetryable: true, code: '1006' });
    for (const utterance of this.utterances) utterance.fail(error);
    this.#onClosed(error);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const utterance of this.utterances) utterance.cancel();
    this.#onClosed(undefined);
  }
}

class ScriptedUtterance implements Utterance {
  readonly #voice: ScriptedVoice;
  readonly #session: ScriptedSession;
  readonly #listener: (event: UtteranceEvent) => void;
  readonly #timers = new Set<CancelTimer>();
  #audioBytes = 0;
  #pushed = 0;
  #busyUntilMs = 0;
  #isOver = false;

  constructor(voice: ScriptedVoice, session: ScriptedSession, listener: (event: UtteranceEvent) => void) {
    this.#voice = voice;
    this.#session = session;
    this.#listener = listener;
    voice.openUtterances += 1;
  }

  push(text: string): void {
    const { script, clock, texts } = this.#voice;
    texts.push(text);
    if (this.#isOver || script.isSilent) return;
    const index = this.#pushed;
    this.#pushed += 1;
    const characters = Array.from(text.trim());
    const silenceMs = index === 0 ? script.leadingSilenceMs : 0;
    const startMs = Math.max(clock.nowMs() + script.firstAudioMs, this.#busyUntilMs);
    const pieceCharacters = Math.max(1, Math.round(script.pieceMs / script.msPerCharacter));
    let dueAtMs = startMs;
    for (let from = 0; from < characters.length; from += pieceCharacters) {
      const piece = characters.slice(from, from + pieceCharacters);
      const leadMs = from === 0 ? silenceMs : 0;
      this.#at(dueAtMs, () => this.#speak(piece, leadMs));
      dueAtMs += (piece.length * script.msPerCharacter) / script.speedup;
    }
    this.#at(dueAtMs, () => {
      if (script.tells === 'text-spoken') this.#listener({ type: 'text-spoken', index });
    });
    this.#busyUntilMs = dueAtMs;
  }

  end(): void {
    if (this.#isOver || this.#voice.script.isSilent) return;
    this.#at(Math.max(this.#voice.clock.nowMs() + 1, this.#busyUntilMs + 1), () => {
      this.#stop();
      this.#listener({ type: 'ended' });
    });
  }

  cancel(): void {
    if (!this.#isOver) this.#voice.cancelled += 1;
    this.#stop();
  }

  fail(error: VendorError): void {
    if (this.#isOver) return;
    this.#stop();
    this.#listener({ type: 'failed', error });
  }

  #speak(characters: readonly string[], silenceMs: number): void {
    const { script } = this.#voice;
    const baseMs = this.#audioBytes / 8 + silenceMs;
    if (silenceMs > 0) this.#give(new Uint8Array(silenceMs * 8).fill(0xff));
    this.#give(loud(this.#audioBytes, characters.length * script.msPerCharacter * 8));
    if (script.tells === 'alignments' && !this.#isOver) {
      this.#listener({
        type: 'alignment',
        characters: characters.map((character, n) => ({
          character,
          startMs: baseMs + n * script.msPerCharacter,
          endMs: baseMs + (n + 1) * script.msPerCharacter,
        })),
      });
    }
  }

  #give(mulaw: Uint8Array): void {
    const { script } = this.#voice;
    if (this.#isOver) return;
    const isLast = script.dieAfterBytes !== undefined && mulaw.length >= script.dieAfterBytes;
    const given = isLast ? mulaw.subarray(0, script.dieAfterBytes) : mulaw;
    this.#audioBytes += given.length;
    if (script.dieAfterBytes !== undefined) script.dieAfterBytes -= given.length;
    this.#voice.audio.push(given);
    this.#listener({ type: 'audio', mulaw: given });
    if (!isLast) return;
    script.dieAfterBytes = undefined;
    this.#session.break('cut');
  }

  #at(atMs: number, action: () => void): void {
    const { clock } = this.#voice;
    const cancel = clock.after(atMs - clock.nowMs(), () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }

  #stop(): void {
    if (!this.#isOver) this.#voice.openUtterances -= 1;
    this.#isOver = true;
    this.#session.utterances.delete(this);
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}

/** Never silent, and different from place to place, so that a repeated or missing stretch shows. */
export function loud(from: number, byteCount: number): Uint8Array {
  return Uint8Array.from({ length: byteCount }, (_, n) => {
    const position = from + n;
    return 0x80 + ((position * 11 + (position >> 6) * 7 + (position >> 11) * 3) % 0x50);
  });
}
