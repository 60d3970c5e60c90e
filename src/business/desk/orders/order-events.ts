import { z } from 'zod';
import { defineEvents, eventText, personalMark } from '../../tenancy/events/events.ts';
import { orderSchema } from './order.ts';

const facts = orderSchema
  .omit({ id: true, createdAt: true, updatedAt: true })
  .extend({ note: eventText.nullable(), address: personalMark });

export const orderEvents = defineEvents('order', {
  created: { says: 'An order was placed.', after: facts },
  'status-changed': {
    says: 'An order moved along, or was cancelled.',
    before: facts,
    after: facts,
    details: z.object({ reason: z.string().optional() }),
  },
  updated: { says: 'The note or the address of an order was corrected.', before: facts, after: facts },
});
