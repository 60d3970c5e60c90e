import { z } from 'zod';
import { defineEvents } from '../../tenancy/events/events.ts';
import { ticketSchema } from './ticket.ts';

// The texts are complete, because the history and the search words are derived from them; erasing a customer clears
// them.
const facts = ticketSchema.omit({ id: true, createdAt: true, updatedAt: true });

export const ticketEvents = defineEvents('ticket', {
  created: { says: 'A ticket was opened.', after: facts },
  updated: { says: 'A ticket was changed, moved along or given to a member.', before: facts, after: facts },
  commented: { says: 'Somebody commented on a ticket.', details: z.object({ comment: z.string() }) },
});
