import { z } from 'zod';
import { defineEvents, personalMark } from '../tenancy/events/events.ts';
import { erasedKinds } from './erasure.ts';

const facts = z.object({
  name: personalMark,
  phone: personalMark,
  email: personalMark,
  address: personalMark,
});

export const customerEvents = defineEvents('customer', {
  created: { says: 'A customer was put on record by hand.', after: facts },
  changed: { says: 'Name, number or addresses of a customer were changed.', before: facts, after: facts },
  merged: {
    says: 'Another customer was merged into this one: what was theirs is now here.',
    before: facts,
    after: facts,
    details: z.object({ merged: z.string() }),
  },
  exported: { says: 'Everything on record of a customer was downloaded.' },
  erased: {
    says: 'The personal data of a customer was erased; the counts say how much of each kind.',
    details: z.object(Object.fromEntries(erasedKinds.map((kind) => [kind, z.int()]))),
  },
});
