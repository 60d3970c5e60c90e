import { z } from 'zod';
import { defineEvents, eventInstant, eventText } from '../../tenancy/events/events.ts';

/** Recorded in the impersonated business, with the member of staff as the actor. */
export const impersonationEvents = defineEvents('impersonation', {
  started: {
    says: 'A member of the platform’s staff began to act in a business’s place.',
    details: z.object({ reason: eventText, minutes: z.int(), expiresAt: eventInstant }),
  },
  request: {
    says: 'A request was made in a business’s place; recorded before it is served.',
    // Without the query string, which may have personal data.
    details: z.object({ method: z.string(), path: eventText }),
  },
  ended: { says: 'A member of the platform’s staff ended the impersonation.' },
});
