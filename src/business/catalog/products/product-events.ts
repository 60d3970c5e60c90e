import { defineEvents } from '../../tenancy/events/events.ts';
import { productSchema } from './product.ts';

const facts = productSchema.omit({ id: true, createdAt: true, updatedAt: true });

export const productEvents = defineEvents('product', {
  created: { says: 'A product was added to the catalogue.', after: facts },
  updated: { says: 'A product was changed, archived or restored.', before: facts, after: facts },
  archived: { says: 'A product that orders name was taken off the catalogue.', before: facts },
  deleted: { says: 'A product that no order names was removed.', before: facts },
});
