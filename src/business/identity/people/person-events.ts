import { defineEvents } from '../../tenancy/events/events.ts';

/** Recorded in each business the person belongs to. */
export const personEvents = defineEvents('person', {
  'password-changed': { says: 'A person changed the password, giving the old one.' },
  'password-reset': { says: 'A person set a new password by a link or a code.' },
});
