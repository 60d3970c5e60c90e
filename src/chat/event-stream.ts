import { Readable } from 'node:stream';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';

/** One event as `text/event-stream` has it. */
export interface StreamEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Proxies close a connection that is silent for a minute, some after half of that. */
const HEARTBEAT_MS = 15_000;
/** An answer is a few kilobytes; a reader who is this far behind has gone. */
const MAX_WAITING_CHARACTERS = 1_000_000;

/**
 * An event stream with a producer that cannot wait. What the reader has not taken yet is kept in one text; when there
 * is too much of it, or the reader has gone, `signal` aborts and the stream ends. Comments keep a silent line alive.
 */
export class EventStream {
  readonly readable: Readable;
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  #waiting = '';
  #isReaderReady = false;
  #hasEnded = false;
  #cancelHeartbeat: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.readable = new Readable({
      read: () => {
        this.#isReaderReady = true;
        this.#handOver();
      },
      destroy: (error, done) => {
        this.#stop('reader-gone');
        done(error);
      },
    });
    this.#armHeartbeat();
  }

  /** Aborts when nobody reads any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  send({ event, data }: StreamEvent): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  end(): void {
    this.#hasEnded = true;
    this.#cancelHeartbeat?.();
    this.#handOver();
  }

  #write(text: string): void {
    if (this.#hasEnded || this.signal.aborted) return;
    this.#waiting += text;
    if (this.#waiting.length > MAX_WAITING_CHARACTERS) {
      this.readable.destroy(new Error('The reader of an event stream does not keep up.'));
      return;
    }
    this.#armHeartbeat();
    this.#handOver();
  }

  #handOver(): void {
    if (this.#isReaderReady && this.#waiting !== '') {
      const text = this.#waiting;
      this.#waiting = '';
      this.#isReaderReady = false;
      this.readable.push(text);
    }
    if (this.#hasEnded && this.#waiting === '' && !this.readable.readableEnded) this.readable.push(null);
  }

  #armHeartbeat(): void {
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = this.#clock.after(HEARTBEAT_MS, () => this.#write(': still here\n\n'));
  }

  #stop(why: string): void {
    this.#cancelHeartbeat?.();
    if (!this.#hasEnded) this.#abort.abort(why);
  }
}
