import { sql } from 'kysely';
import type { DomainEvent, Processor } from '../../tenancy/events/events.ts';
import { ticketEvents } from './ticket-events.ts';
import { ticketWords } from './ticket-words.ts';

/** Indexes the words of a ticket for search. Words are only added, because earlier texts are in its history. */
export const ticketSearchProcessor: Processor = {
  name: 'ticket-search-words',
  runs: 'in-transaction',
  handles: (event) => textsOf(event).length > 0,
  async handle(tx, event) {
    await sql`
      insert into ticket_word (tenant_id, ticket_id, word)
      select ${event.tenantId}, ${event.subject}, word
      from jsonb_array_elements_text(${JSON.stringify(ticketWords(...textsOf(event)))}::jsonb) word
      on conflict do nothing`.execute(tx);
  },
};

const searched = ['subject', 'category', 'description'] as const;

/** The texts that the event adds to the ticket. */
function textsOf({ eventType, data }: DomainEvent): readonly string[] {
  if (eventType.type === ticketEvents.commented.type) return [String(data.details?.['comment'])];
  if (eventType.resource !== 'ticket' || data.after === undefined) return [];
  const { before, after } = data;
  return searched.filter((field) => before?.[field] !== after[field]).map((field) => String(after[field]));
}
