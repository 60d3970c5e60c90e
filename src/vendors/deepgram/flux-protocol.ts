import { z } from 'zod';
import type { SpeechToTextOptions } from '../../call/listening/listening.ts';
import { idleLimits } from './idle-limits.ts';
import {
  secondsToMs,
  type ListenProtocol,
  type ProtocolStep,
  type Thresholds,
  type VendorWord,
} from './listen-protocol.ts';

/** Timeout for the answer to a Configure, which usually comes at once; then the next one may be sent. */
const CONFIGURE_TIMEOUT_MS = 5_000;
/** Errors that a new connection would get again. */
const PERMANENT_ERRORS = new Set(['INVALID_AUTH', 'INSUFFICIENT_PERMISSIONS', 'ASR_PAYMENT_REQUIRED']);

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Connected') }),
  z.object({
    type: z.literal('TurnInfo'),
    event: z.string(),
    turn_index: z.number().optional(),
    audio_window_end: z.number().catch(0),
    transcript: z.string().catch(''),
    words: z.unknown().optional(),
  }),
  z.object({ type: z.literal('ConfigureSuccess') }),
  z.object({ type: z.literal('ConfigureFailure') }),
  z.object({ type: z.literal('Warning') }),
  z.object({
    type: z.literal('Error'),
    code: z.string().catch('unknown'),
    description: z.string().catch(''),
  }),
]);
const anyMessageSchema = z.object({ type: z.string() });
const wordsSchema = z
  .array(
    z.object({
      word: z.string(),
      start: z.number().optional(),
      end: z.number().optional(),
      confidence: z.number().optional(),
    }),
  )
  .catch([]);

type TurnInfo = Extract<z.output<typeof messageSchema>, { type: 'TurnInfo' }>;

type Turn =
  | { readonly phase: 'idle' }
  | { readonly phase: 'speaking'; readonly text: string }
  | { readonly phase: 'maybe-over'; readonly text: string };

/** Deepgram Flux, whose messages about turns map almost directly to the contract's events. */
export class FluxProtocol implements ListenProtocol {
  readonly path = '/v2/listen';
  readonly query: ListenProtocol['query'];
  readonly idle = idleLimits.flux;
  readonly keepAliveMessage = undefined;
  #turn: Turn = { phase: 'idle' };
  #lastEndedIndex = -1;
  #isConnected = false;
  readonly #eagerThreshold: number | undefined;
  #waitingThresholds: Thresholds | undefined;
  #configureSentAtMs: number | undefined;

  constructor(options: SpeechToTextOptions) {
    const language = options.language.split('-')[0]!.toLowerCase();
    const isEnglish = language === 'en';
    this.#eagerThreshold =
      options.eagerEndOfTurnThreshold === undefined
        ? undefined
        : Math.min(options.eagerEndOfTurnThreshold, options.endOfTurnThreshold);
    this.query = {
      model: isEnglish ? 'flux-general-en' : 'flux-general-multi',
      encoding: 'mulaw',
      sample_rate: 8000,
      eot_threshold: options.endOfTurnThreshold,
      eager_eot_threshold: this.#eagerThreshold,
      eot_timeout_ms: options.endOfTurnTimeoutMs,
      keyterm: options.keyterms,
      // The English model refuses a handshake with a hint.
      language_hint: isEnglish ? undefined : [language],
    };
  }

  opened(): readonly ProtocolStep[] {
    return [];
  }

  accept(message: unknown, nowMs: number): readonly ProtocolStep[] | undefined {
    const parsed = messageSchema.safeParse(message);
    // Unknown message types are ignored, because the vendor may add some; a message without a type is malformed.
    if (!parsed.success) return anyMessageSchema.safeParse(message).success ? [] : undefined;
    switch (parsed.data.type) {
      case 'Connected':
        this.#isConnected = true;
        return [{ type: 'ready' }, ...this.#sendWaitingThresholds(nowMs)];
      case 'TurnInfo':
        return [
          { type: 'heartbeat', audioMs: secondsToMs(parsed.data.audio_window_end) },
          ...this.#onTurnInfo(parsed.data),
          ...this.#sendWaitingThresholds(nowMs),
        ];
      case 'ConfigureSuccess':
      case 'ConfigureFailure':
        this.#configureSentAtMs = undefined;
        return this.#sendWaitingThresholds(nowMs);
      case 'Warning':
        return [];
      case 'Error':
        return [failure(parsed.data)];
      default:
        return parsed.data satisfies never;
    }
  }

  /** One Configure is in flight at a time; changes requested meanwhile are merged and sent next. */
  configure(thresholds: Thresholds, nowMs: number): readonly ProtocolStep[] {
    this.#waitingThresholds = { ...this.#waitingThresholds, ...thresholds };
    return this.#sendWaitingThresholds(nowMs);
  }

  #sendWaitingThresholds(nowMs: number): readonly ProtocolStep[] {
    const isInFlight =
      this.#configureSentAtMs !== undefined && nowMs - this.#configureSentAtMs < CONFIGURE_TIMEOUT_MS;
    if (this.#waitingThresholds === undefined || !this.#isConnected || isInFlight) return [];
    const { endOfTurnThreshold, endOfTurnTimeoutMs } = this.#waitingThresholds;
    this.#waitingThresholds = undefined;
    this.#configureSentAtMs = nowMs;
    const thresholds = {
      eot_threshold: endOfTurnThreshold,
      // The vendor requires that the eager threshold is not above the other.
      eager_eot_threshold:
        endOfTurnThreshold !== undefined && this.#eagerThreshold !== undefined
          ? Math.min(this.#eagerThreshold, endOfTurnThreshold)
          : undefined,
      eot_timeout_ms: endOfTurnTimeoutMs,
    };
    return [{ type: 'send', message: JSON.stringify({ type: 'Configure', thresholds }) }];
  }

  #onTurnInfo(info: TurnInfo): readonly ProtocolStep[] {
    // Late messages about a finished turn are ignored.
    if (info.turn_index !== undefined && info.turn_index <= this.#lastEndedIndex) return [];
    const text = info.transcript.trim();
    switch (info.event) {
      case 'StartOfTurn':
      case 'Update':
        return info.event === 'Update' && this.#turn.phase === 'idle' ? [] : this.#onWords(text);
      case 'EagerEndOfTurn':
        return this.#onEagerEnd(text);
      case 'TurnResumed':
        return [...this.#onResumed(), ...this.#onWords(text)];
      case 'EndOfTurn':
        return this.#onEnd(info, text);
      default:
        return [];
    }
  }

  #onWords(text: string): readonly ProtocolStep[] {
    const turn = this.#turn;
    if (text === '') return [];
    if (turn.phase === 'idle') {
      this.#turn = { phase: 'speaking', text };
      return [{ type: 'turn-started', text }];
    }
    if (text === turn.text) return [];
    // New words after an eager end imply that the turn was resumed, even without a message.
    const resumed = this.#onResumed();
    this.#turn = { phase: 'speaking', text };
    return [...resumed, { type: 'transcript-interim', text }];
  }

  #onResumed(): readonly ProtocolStep[] {
    if (this.#turn.phase !== 'maybe-over') return [];
    this.#turn = { phase: 'speaking', text: this.#turn.text };
    return [{ type: 'turn-resumed' }];
  }

  #onEagerEnd(text: string): readonly ProtocolStep[] {
    if (text === '') return [];
    const steps = this.#turn.phase === 'maybe-over' && text === this.#turn.text ? [] : this.#onWords(text);
    if (this.#turn.phase === 'maybe-over') return steps;
    this.#turn = { phase: 'maybe-over', text };
    return [...steps, { type: 'turn-ended-eager', text }];
  }

  #onEnd(info: TurnInfo, text: string): readonly ProtocolStep[] {
    if (info.turn_index !== undefined) this.#lastEndedIndex = info.turn_index;
    // An end without words is ignored, except that a turn which began with words must end, with the last ones.
    const started = this.#turn.phase === 'idle' ? this.#onWords(text) : [];
    if (this.#turn.phase === 'idle') return [];
    const endedText = text === '' ? this.#turn.text : text;
    this.#turn = { phase: 'idle' };
    return [...started, { type: 'turn-ended', text: endedText, words: parseWords(info.words) }];
  }
}

function parseWords(words: unknown): readonly VendorWord[] {
  return wordsSchema.parse(words).map(({ word, start, end, confidence }) => ({
    text: word,
    ...(start === undefined ? {} : { startMs: secondsToMs(start) }),
    ...(end === undefined ? {} : { endMs: secondsToMs(end) }),
    ...(confidence === undefined ? {} : { confidence }),
  }));
}

function failure({ code, description }: { code: string; description: string }): ProtocolStep {
  return {
    type: 'fail',
    message: `${code}: ${description}`,
    code,
    isRetryable: !PERMANENT_ERRORS.has(code),
  };
}
