import type { Clock } from '../../../platform/process/clock.ts';
import { TooManyRequests } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { EventStream, type StreamEvent } from '../../../platform/http/event-stream.ts';

export interface TenantStreamLimits {
  /** Maximum backlog of one listener. A busy call is a few kilobytes a minute. */
  readonly maxWaitingCharacters: number;
  readonly maxPerTenant: number;
  readonly heartbeatMs: number;
  /** Shorter than the lifetime of a credential, so that access is checked again when the browser reconnects. */
  readonly maxDurationMs: number;
  /** How long a dropped listener may take to read the reason. */
  readonly farewellMs: number;
}

const defaultLimits: TenantStreamLimits = {
  maxWaitingCharacters: 256 * 1024,
  maxPerTenant: 20,
  heartbeatMs: 15_000,
  maxDurationMs: 14 * 60_000,
  farewellMs: 5_000,
};

/** How long the browser waits before it reconnects. */
const RETRY_MS = 1_000;

interface Open {
  readonly tenantId: TenantId;
  end(reason: EndReason): void;
}

/** Starts to send events of a tenant; the returned function stops it. */
export type Watch = (send: (event: StreamEvent) => void) => () => void;

/** The open server-sent event streams of tenants, with limits. No listener can delay a call or a request [F21]. */
export class TenantStreams {
  readonly #clock: Clock;
  readonly #limits: TenantStreamLimits;
  readonly #open = new Set<Open>();

  constructor(clock: Clock, limits: Partial<TenantStreamLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...defaultLimits, ...limits };
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens a stream of what `watch` sends, until either side ends it. Throws if a tenant has too many streams. */
  open(tenantId: TenantId, watch: Watch): EventStream {
    this.#checkRoom(tenantId);
    const unsubscribe = watch((event) => stream.send(event));
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
    throw new TooManyRequests('Too many streams are open for this business already; close one of them.', 10, {
      code: 'too-many-watching',
    });
  }
}

type EndReason = 'too-slow' | 'come-back' | 'server-stopping';

function endEvent(reason: EndReason): StreamEvent {
  return { event: 'end', data: { reason } };
}
