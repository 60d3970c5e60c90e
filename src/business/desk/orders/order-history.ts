import { sql } from 'kysely';
import type { DomainEvent, Processor } from '../../tenancy/events/events.ts';
import type { OrderId } from '../../tenancy/ids/ids.ts';
import { authorOf } from '../author.ts';
import type { OrderEntry, OrderStatus } from './order.ts';
import { orderEvents } from './order-events.ts';

/** Writes each step of an order into its history. */
export const orderHistoryProcessor: Processor = {
  name: 'order-history',
  runs: 'in-transaction',
  handles: (event) => entryOf(event) !== undefined,
  async handle(tx, event) {
    const entry = entryOf(event);
    if (entry === undefined) return;
    const { tenantId, position: eventPosition, actor, at } = event;
    const orderId = event.subject as OrderId;
    const sequence = sql<number>`(select coalesce(max(sequence), 0) + 1 from order_entry
      where tenant_id = ${tenantId} and order_id = ${orderId})`;
    await tx
      .insertInto('orderEntry')
      .values({ tenantId, orderId, sequence, author: authorOf(actor), eventPosition, at, ...entry })
      .onConflict((conflict) => conflict.columns(['tenantId', 'orderId', 'eventPosition']).doNothing())
      .execute();
  },
};

type Entry = Pick<OrderEntry, 'kind' | 'fromStatus' | 'toStatus' | 'note'>;

function entryOf({ eventType, data }: DomainEvent): Entry | undefined {
  const [fromStatus, toStatus] = [data.before, data.after].map(
    (state) => (state?.['status'] ?? null) as OrderStatus | null,
  ) as [OrderStatus | null, OrderStatus | null];
  switch (eventType.type) {
    case orderEvents.created.type:
      return { kind: 'placed', fromStatus, toStatus, note: null };
    case orderEvents['status-changed'].type: {
      const reason = data.details?.['reason'];
      return {
        kind: 'status-changed',
        fromStatus,
        toStatus,
        note: typeof reason === 'string' ? reason : null,
      };
    }
    case orderEvents.updated.type:
      return { kind: 'details-changed', fromStatus: null, toStatus: null, note: null };
    default:
      return undefined;
  }
}
