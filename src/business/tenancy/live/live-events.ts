import type { Logger } from 'pino';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { DomainEvent, Processor } from '../events/events.ts';

type Listener = (event: DomainEvent) => void;

/**
 * Publishes the committed events of each tenant within this process, to event streams of clients. Events of other nodes
 * are not included, and nothing is stored for clients that connect later.
 */
export class LiveEvents {
  readonly #logger: Pick<Logger, 'error'>;
  readonly #listeners = new Map<TenantId, Set<Listener>>();
  /** Publishes events after their commit; it ignores tenants without listeners. */
  readonly processor: Processor = {
    name: 'live-events',
    runs: 'after-commit',
    handles: ({ tenantId }) => this.#listeners.has(tenantId),
    handle: (event) => this.#publish(event),
  };

  constructor(logger: Pick<Logger, 'error'>) {
    this.#logger = logger;
  }

  /** Returns the function to unsubscribe, which is idempotent. */
  subscribe(tenantId: TenantId, listener: Listener): () => void {
    const listeners = this.#listeners.get(tenantId) ?? new Set();
    this.#listeners.set(tenantId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(tenantId) === listeners)
        this.#listeners.delete(tenantId);
    };
  }

  /** The change is committed, so a failing listener must not fail the request or other listeners. */
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
