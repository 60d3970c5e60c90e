import { sql } from 'kysely';
import type { DomainEvent, Processor } from '../../tenancy/events/events.ts';
import type { TicketId } from '../../tenancy/ids/ids.ts';
import { authorOf } from '../author.ts';
import type { TicketEntry } from './ticket.ts';
import { ticketEvents } from './ticket-events.ts';

type Entry = Pick<TicketEntry, 'kind' | 'body' | 'change'>;

const details = ['subject', 'description', 'category', 'priority', 'assigneeId'] as const;

/** Writes the events of a ticket into its history. */
export const ticketHistoryProcessor: Processor = {
  name: 'ticket-history',
  runs: 'in-transaction',
  handles: (event) => entriesOf(event).length > 0,
  async handle(tx, event) {
    const { tenantId, position: eventPosition, actor, at } = event;
    const ticketId = event.subject as TicketId;
    const last = sql<number>`(select coalesce(max(sequence), 0) from ticket_entry
      where tenant_id = ${tenantId} and ticket_id = ${ticketId})`;
    const rows = entriesOf(event).map(({ kind, body, change }, index) => ({
      tenantId,
      ticketId,
      sequence: sql<number>`${last} + ${index + 1}::int`,
      kind,
      author: authorOf(actor),
      body,
      change: change === null ? null : JSON.stringify(change),
      eventPosition,
      at,
    }));
    await tx
      .insertInto('ticketEntry')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['tenantId', 'ticketId', 'eventPosition', 'kind']).doNothing(),
      )
      .execute();
  },
};

function entriesOf({ eventType, data }: DomainEvent): readonly Entry[] {
  switch (eventType.type) {
    case ticketEvents.created.type:
      return [{ kind: 'created', body: String(data.after?.['description']), change: null }];
    case ticketEvents.updated.type:
      return [
        ...changeEntry('status-changed', differences(data, ['status'])),
        ...changeEntry('details-changed', differences(data, details)),
      ];
    case ticketEvents.commented.type:
      return [{ kind: 'comment', body: String(data.details?.['comment']), change: null }];
    default:
      return [];
  }
}

type Change = NonNullable<TicketEntry['change']>;

function differences({ before, after }: DomainEvent['data'], fields: readonly string[]): Change {
  const changed = fields.filter((field) => before?.[field] !== after?.[field]);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return Object.fromEntries(
    changed.map((field) => [field, { from: text(before?.[field]), to: text(after?.[field]) }]),
  );
}

function changeEntry(kind: Entry['kind'], change: Change): readonly Entry[] {
  return Object.keys(change).length === 0 ? [] : [{ kind, body: null, change }];
}
