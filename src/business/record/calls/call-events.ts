import { z } from 'zod';
import { defineEvents, eventInstant } from '../../tenancy/events/event-type.ts';

/** What people do with the record of a call. What happens on a call itself is in `call-event.ts`. */
export const callEvents = defineEvents('call', {
  deleted: {
    says: 'The record, transcript and audio of a call were deleted; its part in the totals stays.',
    before: z.object({
      startedAt: eventInstant,
      durationMs: z.int().nullable(),
      hadRecording: z.boolean(),
    }),
  },
});
