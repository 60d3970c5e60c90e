import { z } from 'zod';
import { defineEvents, eventInstant } from '../../tenancy/events/events.ts';

/** What people do with calls. What happens on a call itself is in its journal; see `CallEvent`. */
export const callEvents = defineEvents('call', {
  ended: { says: 'Somebody of the business ended a call that was going on.' },
  deleted: {
    says: 'The record, transcript and audio of a call were deleted; its part in the totals stays.',
    before: z.object({
      startedAt: eventInstant,
      durationMs: z.int().nullable(),
      hadRecording: z.boolean(),
    }),
  },
});
