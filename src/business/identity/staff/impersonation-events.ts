import { z } from 'zod';
import { defineEvents, eventInstant, eventText } from '../../tenancy/events/events.ts';

/** In the business whose place was taken, by the member of staff who took it. */
export const impersonationEvents = defineEvents('impersonation', {
  started: {
    says: 'A member of the platform’s staff began to act in a business’s place.',
    details: z.object({ reason: eventText, minutes: z.int(), expiresAt: eventInstant }),
  },
  request: {
    says: 'A request was made in a business’s place; recorded before it is served.',
    // Without what stands behind the question mark: people search for people there.
    details: z.object({ method: z.string(), path: eventText }),
  },
  ended: { says: 'A member of the platform’s staff ended the impersonation.' },
});
