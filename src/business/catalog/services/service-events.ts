import { defineEvents } from '../../tenancy/events/events.ts';
import { serviceSchema } from './service.ts';

const facts = serviceSchema.omit({ id: true, createdAt: true, updatedAt: true });

export const serviceEvents = defineEvents('service', {
  created: { says: 'A service was added.', after: facts },
  updated: { says: 'A service was changed, archived or restored.', before: facts, after: facts },
  archived: { says: 'A service that bookings name was archived.', before: facts },
  deleted: { says: 'A service that no booking names was removed.', before: facts },
});
