import type { Logger } from 'pino';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { DomainEvent, Processor } from '../events/events.ts';

type Listener = (event: DomainEvent) => void;

/**
 * The committed events of each tenant, published within this process to whoever is looking on: event streams of the
 * console. What another node commits is not seen here, and nothing is stored for somebody who connects later.
 */
export class LiveEvents {
  readonly #logger: Pick<Logger, 'error'>;
  readonly #listeners = new Map<TenantId, Set<Listener>>();
  /** Tells the listeners; an event of a tenant that nobody looks at costs nothing. */
  readonly processor: Processor = {
    name: 'live-events',
    runs: 'after-commit',
    handles: ({ tenantId }) => this.#listeners.has(tenantId),
    handle: (event) => this.#publish(event),
  };

  constructor(logger: Pick<Logger, 'error'>) {
    this.#logger = logger;
  }

  /** Returns how to stop listening; stopping twice does no harm. */
  subscribe(tenantId: TenantId, listener: Listener): () => void {
    const listeners = this.#listeners.get(tenantId) ?? new Set();
    this.#listeners.set(tenantId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(tenantId) === listeners)
        this.#listeners.delete(tenantId);
    };
  }

  /** The change is committed: a listener that fails must not make its request fail, nor the other listeners. */
  #publish(event: DomainEvent): void {
    for (const listener of this.#listeners.get(event.tenantId) ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ err: error, type: event.eventType.type }, 'live event listener failed');
      }
    }
  }
}
