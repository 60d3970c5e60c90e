import { z } from 'zod';
import { defineEvents } from '../../tenancy/events/events.ts';
import { bookingSchema } from './booking.ts';

const facts = bookingSchema
  .omit({ id: true, createdAt: true, updatedAt: true })
  .extend({ spokenTime: z.string() });

export const bookingEvents = defineEvents('booking', {
  created: { says: 'A time was booked.', after: facts },
  moved: { says: 'A booking was given another time or resource.', before: facts, after: facts },
  cancelled: { says: 'A booking to come was cancelled.', before: facts, after: facts },
  settled: { says: 'The customer came, or did not come.', before: facts, after: facts },
  updated: { says: 'The note of a booking was changed.', before: facts, after: facts },
});
