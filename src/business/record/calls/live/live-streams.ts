import type { Clock } from '../../../../platform/process/clock.ts';
import { TooManyRequests } from '../../../../platform/process/errors.ts';
import type { TenantId } from '../../../../platform/data/ids.ts';
import { EventStream, type StreamEvent } from '../../../../platform/http/event-stream.ts';
import type { CallRecord } from '../call-record.ts';
import type { LiveRecordFeed } from './live-calls.ts';

export interface LiveStreamLimits {
  /** What may wait for one listener. A busy call is a few kilobytes a minute. */
  readonly maxWaitingCharacters: number;
  readonly maxPerTenant: number;
  readonly heartbeatMs: number;
  /** Shorter than a credential lives: who may listen is asked again. The browser comes back by itself. */
  readonly maxDurationMs: number;
  /** How long a dropped listener has to read why. */
  readonly farewellMs: number;
}

const defaultLimits: LiveStreamLimits = {
  maxWaitingCharacters: 256 * 1024,
  maxPerTenant: 20,
  heartbeatMs: 15_000,
  maxDurationMs: 14 * 60_000,
  farewellMs: 5_000,
};

/** How long the browser waits before it comes back. */
const RETRY_MS = 1_000;

interface Open {
  readonly tenantId: TenantId;
  end(reason: EndReason): void;
}

/** People who watch their calls as they go on, over server-sent events. None of them can hold up a call [F21]. */
export class LiveStreams {
  readonly #feed: LiveRecordFeed;
  readonly #clock: Clock;
  readonly #limits: LiveStreamLimits;
  readonly #open = new Set<Open>();

  constructor(feed: LiveRecordFeed, clock: Clock, limits: Partial<LiveStreamLimits> = {}) {
    this.#feed = feed;
    this.#clock = clock;
    this.#limits = { ...defaultLimits, ...limits };
  }

  get size(): number {
    return this.#open.size;
  }

  /** The tenant's events, until either side ends it. Throws for one listener too many. */
  open(tenantId: TenantId): EventStream {
    this.#checkRoom(tenantId);
    const unsubscribe = this.#feed.subscribe((record) => {
      if (record.tenantId === tenantId) stream.send(eventOf(record));
    });
    const stream = new EventStream({
      clock: this.#clock,
      ...this.#limits,
      retryMs: RETRY_MS,
      tooSlow: endEvent('too-slow'),
    });
    const release = (): void => {
      unsubscribe();
      cancelDuration();
      this.#open.delete(open);
    };
    const open: Open = {
      tenantId,
      end(reason) {
        release();
        stream.dismiss(endEvent(reason));
      },
    };
    const cancelDuration = this.#clock.after(this.#limits.maxDurationMs, () => open.end('come-back'));
    this.#open.add(open);
    stream.signal.addEventListener('abort', release);
    return stream;
  }

  close(): void {
    for (const stream of this.#open) stream.end('server-stopping');
  }

  #checkRoom(tenantId: TenantId): void {
    const listeners = [...this.#open].filter((stream) => stream.tenantId === tenantId);
    if (listeners.length < this.#limits.maxPerTenant) return;
    throw new TooManyRequests('Too many are watching the live calls already; close one of them.', 10, {
      code: 'too-many-watching',
    });
  }
}

type EndReason = 'too-slow' | 'come-back' | 'server-stopping';

function endEvent(reason: EndReason): StreamEvent {
  return { event: 'end', data: { reason } };
}

function eventOf({ callId, sequence, at, event: { type, ...data } }: CallRecord): StreamEvent {
  return { id: `${callId}:${sequence}`, event: type, data: { callId, sequence, at, type, data } };
}
