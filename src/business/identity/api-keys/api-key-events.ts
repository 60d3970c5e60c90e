import { defineEvents } from '../../tenancy/events/events.ts';
import { apiKeySchema } from './api-key.ts';

const facts = apiKeySchema.pick({
  name: true,
  mode: true,
  scopes: true,
  expiresAt: true,
  allowedAddresses: true,
});

export const apiKeyEvents = defineEvents('api-key', {
  created: { says: 'An API key was made.', after: facts },
  revoked: { says: 'An API key was revoked.', before: facts },
});
