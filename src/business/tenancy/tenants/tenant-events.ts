import { z } from 'zod';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { defineEvents } from '../events/events.ts';

const reason = z.object({ reason: z.string() });

export const tenantEvents = defineEvents('tenant', {
  created: {
    says: 'Somebody signed up, which made a business.',
    after: z.object({ name: z.string(), timeZone: z.string(), currency: z.string() }),
    details: z.object({ owner: idOf('mem') }),
  },
  suspended: { says: 'The platform’s staff suspended a business.', details: reason },
  restored: { says: 'The platform’s staff restored a suspended business.', details: reason },
});
