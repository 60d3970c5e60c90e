import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { CancelTimer, Clock } from '../process/clock.ts';

/** One event of `text/event-stream`. */
export interface StreamEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Upper bound on buffered text. */
  readonly maxWaitingCharacters: number;
  /** The last event for a client that reads too slowly; without one the connection is closed at once. */
  readonly tooSlow?: StreamEvent;
  /** How long a browser waits before it reconnects. */
  readonly retryMs?: number;
  /** Interval of heartbeats, because proxies close a connection that is idle for a minute, some after 30 s. */
  readonly heartbeatMs?: number;
  /** How long a dismissed client may take to read what is buffered. */
  readonly farewellMs?: number;
}

const defaults = { heartbeatMs: 15_000, farewellMs: 5_000 };

/**
 * Server-sent events of a producer that cannot wait. What the reader has not taken yet is buffered in one text; when
 * there is too much of it, or the client has disconnected, `signal` aborts and the stream ends. Comments keep an idle
 * connection alive.
 */
export class EventStream {
  readonly readable: Readable;
  readonly #options: EventStreamOptions & typeof defaults;
  readonly #abort = new AbortController();
  #waiting = '';
  #isReaderReady = false;
  #hasEnded = false;
  /** The next heartbeat, or the deadline of a dismissed client. */
  #cancelTimer: CancelTimer | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = { ...defaults, ...options };
    this.readable = new Readable({
      read: () => {
        this.#isReaderReady = true;
        this.#handOver();
      },
      destroy: (error, done) => {
        this.#cancelTimer?.();
        if (!this.#hasEnded) this.#abort.abort('reader-left');
        done(error);
      },
    });
    this.#armHeartbeat();
    if (options.retryMs !== undefined) this.#write(`retry: ${options.retryMs}\n\n`);
  }

  /** Aborts when the client has disconnected. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  send(event: StreamEvent): void {
    this.#write(format(event));
  }

  /** Ends once the buffer was read. */
  end(): void {
    this.#hasEnded = true;
    this.#cancelTimer?.();
    this.#handOver();
  }

  /** Ends with a last event; a client that does not read it in time is disconnected. */
  dismiss(last: StreamEvent): void {
    if (this.#hasEnded || this.signal.aborted) return;
    this.#waiting += format(last);
    this.end();
    const { clock, farewellMs } = this.#options;
    this.#cancelTimer = clock.after(farewellMs, () => this.readable.destroy());
  }

  answer(reply: FastifyReply): FastifyReply {
    return (
      reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        // Without this header nginx buffers the response until its end.
        .header('x-accel-buffering', 'no')
        .send(this.readable)
    );
  }

  #write(text: string): void {
    if (this.#hasEnded || this.signal.aborted) return;
    this.#waiting += text;
    this.#handOver();
    if (this.#waiting.length > this.#options.maxWaitingCharacters) this.#giveUp();
    else this.#armHeartbeat();
  }

  #giveUp(): void {
    const { tooSlow } = this.#options;
    if (tooSlow === undefined) {
      this.readable.destroy(new Error('The reader of an event stream does not keep up.'));
      return;
    }
    this.dismiss(tooSlow);
    this.#abort.abort('too-slow');
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
    const { clock, heartbeatMs } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(heartbeatMs, () => this.#write(': still here\n\n'));
  }
}

/** JSON has no line breaks, so one line of data is enough. */
function format({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
