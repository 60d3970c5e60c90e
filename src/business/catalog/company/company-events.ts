import { defineEvents, personalMark } from '../../tenancy/events/events.ts';
import { companySchema } from './profile.ts';

const facts = companySchema
  .omit({ id: true, createdAt: true, updatedAt: true })
  .extend({ address: personalMark, phone: personalMark, email: personalMark });

export const companyEvents = defineEvents('company', {
  updated: { says: 'The profile of the business was changed.', before: facts, after: facts },
});
