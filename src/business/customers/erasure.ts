import { z } from 'zod';

/** What an erasure counts, by kind. */
export const erasedKinds = [
  'customers',
  'calls',
  'recordings',
  'turns',
  'searchTexts',
  'events',
  'toolCalls',
  'conversationMessages',
  'orders',
  'orderEntries',
  'bookings',
  'tickets',
  'ticketWords',
  'ticketEntries',
  'phoneMessages',
  'alerts',
  'auditEntries',
] as const;

export type ErasedKind = (typeof erasedKinds)[number];
export type ErasedCounts = Readonly<Record<ErasedKind, number>>;

const noneErased = Object.fromEntries(erasedKinds.map((kind) => [kind, 0]));

export const erasureSchema = z
  .object({ erased: z.object(Object.fromEntries(erasedKinds.map((kind) => [kind, z.int()]))) })
  .meta({
    id: 'Erasure',
    description: 'How much was erased, by kind; nothing the second time.',
    examples: [{ erased: { ...noneErased, customers: 1, calls: 3, turns: 41, searchTexts: 3, orders: 2 } }],
  });
