import { z } from 'zod';
import type {
  TextToSpeechOptions,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from '../../call/reply/reply.ts';
import type { CancelTimer } from '../../platform/process/clock.ts';
import { VendorError } from '../../platform/process/errors.ts';
import { socketUrl, type VendorOptions } from '../vendor-options.ts';
import { VendorSocket } from '../vendor-socket.ts';
import { AuraUtterance } from './aura-utterance.ts';
import { FlushBudget } from './flush-budget.ts';
import { idleLimits } from './idle-limits.ts';
import { deepgramRefusal } from './refusal.ts';

/** A socket that closes idle after this long has reached the vendor's limits, and is replaced by another. */
const MIN_LIFE_MS = 10_000;

const messageSchema = z.object({
  type: z.string(),
  code: z.string().catch(''),
  description: z.string().catch(''),
});

interface Flush {
  readonly utterance: AuraUtterance;
  /** How many texts of the utterance were covered before and after the flush. */
  readonly coveredBefore: number;
  readonly covered: number;
}

/**
 * One call's session on Aura, which speaks one text at a time and reports only the end of a flush. Utterances use the
 * socket one after another, in the order of their first text; every pushed text is flushed while the budget allows.
 */
export class AuraSession implements TextToSpeechSession {
  readonly #vendor: VendorOptions;
  readonly #options: TextToSpeechOptions;
  readonly #onClosed: (error: VendorError | undefined) => void;
  readonly #budget: FlushBudget;
  /** Utterances with text; the first one is being spoken. */
  #queue: AuraUtterance[] = [];
  readonly #utterances = new Set<AuraUtterance>();
  /** Flushes whose audio has not all come, oldest first. */
  #flushes: Flush[] = [];
  /** Unconfirmed clears; audio received before the confirmation belongs to dropped text and is ignored. */
  #unconfirmedClears = 0;
  #socket: VendorSocket;
  #openedAtMs = Infinity;
  #failure: VendorError | undefined;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #cancelFlushTimer: CancelTimer | undefined;

  constructor(
    vendor: VendorOptions,
    options: TextToSpeechOptions,
    onClosed: (error: VendorError | undefined) => void,
  ) {
    this.#vendor = vendor;
    this.#options = options;
    this.#onClosed = onClosed;
    this.#budget = new FlushBudget(vendor.clock);
    this.#socket = this.#connect();
  }

  begin(listener: (event: UtteranceEvent) => void): Utterance {
    const utterance = new AuraUtterance({ listener, onChanged: (changed) => this.#onChanged(changed) });
    if (this.#phase === 'open') this.#utterances.add(utterance);
    else utterance.fail(this.#failure ?? closedError());
    return utterance;
  }

  close(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    for (const utterance of this.#utterances) utterance.cancel();
    this.#cancelFlushTimer?.();
    this.#socket.close('{"type":"Close"}');
  }

  #connect(): VendorSocket {
    const { voiceId, speed } = this.#options;
    return new VendorSocket(
      {
        vendor: 'deepgram',
        url: socketUrl(this.#vendor.baseUrl, '/v1/speak', {
          model: voiceId,
          encoding: 'mulaw',
          sample_rate: 8000,
          speed: speed === 1 ? undefined : speed,
        }),
        headers: { authorization: `Token ${this.#vendor.apiKey}` },
        secret: this.#vendor.apiKey,
        refusal: deepgramRefusal,
        clock: this.#vendor.clock,
        pingEveryMs: idleLimits.aura.keepAliveEveryMs,
      },
      {
        onOpen: () => {
          this.#openedAtMs = this.#vendor.clock.nowMs();
          this.#advance();
        },
        onText: (text) => this.#onText(text),
        onBinary: (mulaw) => {
          if (this.#unconfirmedClears === 0) this.#flushes[0]?.utterance.acceptAudio(mulaw);
        },
        onClosed: (error) => this.#onSocketClosed(error),
      },
    );
  }

  #onChanged(utterance: AuraUtterance): void {
    if (utterance.isOver) this.#drop(utterance);
    else if (utterance.hasText && !this.#queue.includes(utterance)) this.#queue.push(utterance);
    this.#advance();
  }

  /** Drops an utterance, and clears its text and audio at the vendor. */
  #drop(utterance: AuraUtterance): void {
    this.#utterances.delete(utterance);
    this.#queue = this.#queue.filter((one) => one !== utterance);
    if (!utterance.isAtVendor) return;
    this.#flushes = [];
    if (!this.#socket.isOpen) return;
    this.#unconfirmedClears += 1;
    this.#socket.send('{"type":"Clear"}');
  }

  /** Sends the vendor what is due: the current utterance's text, and a flush if the budget allows one. */
  #advance(): void {
    const current = this.#queue[0];
    if (current === undefined || !this.#socket.isOpen || this.#phase !== 'open') return;
    for (const text of current.takeWaitingText()) this.#send({ type: 'Speak', text });
    if (!current.hasUnflushedText) return;
    const waitMs = this.#budget.waitMs(current.isEnding ? 'last' : 'eager');
    this.#cancelFlushTimer?.();
    if (waitMs > 0) this.#cancelFlushTimer = this.#vendor.clock.after(waitMs, () => this.#advance());
    else this.#flush(current);
  }

  #flush(utterance: AuraUtterance): void {
    const coveredBefore = this.#flushes.at(-1)?.covered ?? utterance.deliveredTexts;
    this.#flushes.push({ utterance, coveredBefore, covered: utterance.markFlushed() });
    this.#budget.spend();
    this.#send({ type: 'Flush' });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #onText(text: string): void {
    const parsed = messageSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      this.#vendor.logger?.warn(
        { event: 'tts-message-ignored', vendor: 'deepgram' },
        'vendor message not parsed; ignored',
      );
      return;
    }
    const { type, code, description } = parsed.data;
    if (type === 'Cleared') this.#unconfirmedClears = Math.max(0, this.#unconfirmedClears - 1);
    else if (type === 'Flushed') this.#onFlushed();
    else if (type === 'Warning') this.#onWarning(`${code} ${description}`);
    else if (type === 'Error') this.#socket.fail(`${code}: ${description}`, { code, isRetryable: true });
  }

  #onFlushed(): void {
    // A flush reported before the clear was confirmed belongs to dropped text.
    if (this.#unconfirmedClears > 0) return;
    const flush = this.#flushes.shift();
    flush?.utterance.acceptFlushed(flush.covered);
  }

  /** An ignored flush is never answered by `Flushed`, so it is sent again when the vendor's rate limit allows. */
  #onWarning(text: string): void {
    this.#vendor.logger?.warn(
      { event: 'tts-warning', vendor: 'deepgram', text },
      'text-to-speech warning received',
    );
    if (!/flush/i.test(text)) return;
    const ignored = this.#flushes.pop();
    if (ignored === undefined) return;
    ignored.utterance.unmarkFlushed(ignored.coveredBefore);
    this.#budget.exhaust();
    this.#advance();
  }

  #onSocketClosed(error: VendorError | undefined): void {
    this.#cancelFlushTimer?.();
    const livedMs = this.#vendor.clock.nowMs() - this.#openedAtMs;
    if (this.#phase === 'open' && this.#queue.length === 0 && livedMs >= MIN_LIFE_MS) {
      this.#unconfirmedClears = 0;
      this.#openedAtMs = Infinity;
      this.#socket = this.#connect();
      return;
    }
    if (this.#phase === 'open') this.#failure = error;
    this.#phase = 'closed';
    for (const utterance of this.#utterances) utterance.fail(error ?? closedError());
    this.#onClosed(this.#failure);
  }
}

function closedError(): VendorError {
  return new VendorError('deepgram', 'the session is closed', { code: 'closed', isRetryable: false });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
