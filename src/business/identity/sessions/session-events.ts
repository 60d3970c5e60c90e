import { z } from 'zod';
import { defineEvents, eventText } from '../../tenancy/events/events.ts';

export const sessionEvents = defineEvents('session', {
  ended: {
    says: 'A session was ended: by its owner, by signing out, or because a refresh token was used twice.',
    details: z.object({ reason: z.string(), device: eventText }),
  },
  'others-ended': {
    says: 'A person ended all sessions but the one that is the subject.',
    details: z.object({ count: z.int() }),
  },
});
