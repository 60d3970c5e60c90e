import { defineEvents } from '../../tenancy/events/events.ts';
import { resourceSchema } from './resource.ts';

const facts = resourceSchema.omit({ id: true, createdAt: true, updatedAt: true });

export const resourceEvents = defineEvents('resource', {
  created: { says: 'A resource was added.', after: facts },
  updated: { says: 'A resource was changed, archived or restored.', before: facts, after: facts },
  archived: { says: 'A resource that bookings name was archived.', before: facts },
  deleted: { says: 'A resource that no booking names was removed.', before: facts },
});
