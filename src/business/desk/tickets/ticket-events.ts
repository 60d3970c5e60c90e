import { z } from 'zod';
import { defineEvents } from '../../tenancy/events/events.ts';
import { ticketSchema } from './ticket.ts';

// The texts are whole, because the history and the search words are made of them; erasing a customer empties them.
const facts = ticketSchema.omit({ id: true, createdAt: true, updatedAt: true });

export const ticketEvents = defineEvents('ticket', {
  created: { says: 'A ticket was opened.', after: facts },
  updated: { says: 'A ticket was changed, moved along or given to a member.', before: facts, after: facts },
  commented: { says: 'Somebody commented on a ticket.', details: z.object({ comment: z.string() }) },
});
