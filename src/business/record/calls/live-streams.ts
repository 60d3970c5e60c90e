import type { ServerResponse } from 'node:http';
import type { CancelTimer, Clock } from '../../../platform/process/clock.ts';
import { TooManyRequests } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallRecord } from './call-event.ts';
import type { LiveRecordFeed } from './live-calls.ts';

/** What hooks have set on the answer already. */
type Headers = Readonly<Record<string, number | string | string[] | undefined>>;

export interface LiveStreamLimits {
  /** What may wait for one listener. A busy call is a few kilobytes a minute. */
  readonly maxWaitingBytes: number;
  readonly maxPerTenant: number;
  readonly heartbeatMs: number;
  /** Shorter than a credential lives: who may listen is asked again. The browser comes back by itself. */
  readonly maxDurationMs: number;
  /** How long a dropped listener has to read why. */
  readonly farewellMs: number;
}

const defaultLimits: LiveStreamLimits = {
  maxWaitingBytes: 256 * 1024,
  maxPerTenant: 20,
  heartbeatMs: 15_000,
  maxDurationMs: 14 * 60_000,
  farewellMs: 5_000,
};

/** People who watch their calls as they go on, over server-sent events. None of them can hold up a call [F21]. */
export class LiveStreams {
  readonly #feed: LiveRecordFeed;
  readonly #clock: Clock;
  readonly #limits: LiveStreamLimits;
  readonly #open = new Map<ServerResponse, { readonly tenantId: TenantId; end(reason: EndReason): void }>();

  constructor(feed: LiveRecordFeed, clock: Clock, limits: Partial<LiveStreamLimits> = {}) {
    this.#feed = feed;
    this.#clock = clock;
    this.#limits = { ...defaultLimits, ...limits };
  }

  get size(): number {
    return this.#open.size;
  }

  /** Before the answer is begun: refuses one listener too many. */
  checkRoom(tenantId: TenantId): void {
    const listeners = [...this.#open.values()].filter((stream) => stream.tenantId === tenantId);
    if (listeners.length < this.#limits.maxPerTenant) return;
    throw new TooManyRequests('Too many are watching the live calls already; close one of them.', 10, {
      code: 'too-many-watching',
    });
  }

  /** Answers with the tenant's events, until either side ends it. */
  attach(tenantId: TenantId, response: ServerResponse, headers: Headers): void {
    const { heartbeatMs, maxDurationMs, maxWaitingBytes, farewellMs } = this.#limits;
    const timers = new Map<string, CancelTimer>();
    const write = (text: string): void => {
      response.write(text);
      if (response.writableLength > maxWaitingBytes) end('too-slow');
    };
    const beat = (): void => {
      timers.set('heartbeat', this.#clock.after(heartbeatMs, beat));
      write(': still here\n\n');
    };
    const unsubscribe = this.#feed.subscribe((record) => {
      if (record.tenantId === tenantId) write(formatRecord(record));
    });
    const release = (): void => {
      unsubscribe();
      for (const cancel of timers.values()) cancel();
      timers.clear();
      this.#open.delete(response);
    };
    const end = (reason: EndReason): void => {
      if (!this.#open.has(response)) return;
      release();
      response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
      timers.set(
        'farewell',
        this.#clock.after(farewellMs, () => response.destroy()),
      );
    };
    this.#open.set(response, { tenantId, end });
    response.on('error', release).on('close', release);
    timers.set(
      'duration',
      this.#clock.after(maxDurationMs, () => end('come-back')),
    );
    timers.set('heartbeat', this.#clock.after(heartbeatMs, beat));
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A proxy that collects the answer would keep it for ever.
      'x-accel-buffering': 'no',
    });
    // How long the browser waits before it comes back.
    write('retry: 1000\n\n');
  }

  close(): void {
    for (const stream of this.#open.values()) stream.end('server-stopping');
  }
}

/** Told in the last event, `end`. */
type EndReason = 'too-slow' | 'come-back' | 'server-stopping';

function formatRecord({ callId, sequence, at, event: { type, ...data } }: CallRecord): string {
  // Inside JSON no line ends, so one line of data is enough.
  const told = JSON.stringify({ callId, sequence, at, type, data });
  return `id: ${callId}:${sequence}\nevent: ${type}\ndata: ${told}\n\n`;
}
