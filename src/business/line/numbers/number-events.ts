import { z } from 'zod';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { defineEvents } from '../../tenancy/events/events.ts';
import { e164, numberSchema, type PhoneNumber } from './number.ts';

const facts = z.object({
  number: e164,
  ...numberSchema.omit({ id: true, phoneNumber: true, createdAt: true, updatedAt: true }).shape,
});
const orderFacts = facts.pick({ number: true, label: true, agents: true, afterHours: true });
const carrierFacts = facts.pick({
  status: true,
  carrierSid: true,
  capabilities: true,
  failure: true,
  releasedAt: true,
});

export const numberEvents = defineEvents('phone-number', {
  added: { says: 'A number was added that reaches this server without its carrier.', after: orderFacts },
  ordered: { says: 'A number was reserved, to be bought from the carrier.', after: orderFacts },
  imported: { says: 'A number of the carrier’s account was taken over.', after: orderFacts },
  activated: {
    says: 'The carrier has confirmed an order: calls to the number are answered.',
    after: carrierFacts,
    audited: false,
  },
  refused: { says: 'The carrier has refused an order.', after: carrierFacts, audited: false },
  updated: { says: 'The label of a number, or who answers it, was changed.', before: facts, after: facts },
  configured: { says: 'The carrier was told again where to announce calls to a number.' },
  released: { says: 'A number is no longer answered, and goes back to the carrier.', before: facts },
  returned: { says: 'The carrier has taken a number back.', after: carrierFacts, audited: false },
});

const links = z.object({
  numbers: z.array(z.object({ phoneNumberId: idOf('num'), weight: z.int().nullable() })),
});

/** Of agents, as far as numbers go. */
export const numberLinkEvents = defineEvents('agent', {
  'numbers-linked': { says: 'An agent was given numbers to answer.', before: links, after: links },
  'number-unlinked': {
    says: 'An agent no longer answers a number.',
    before: z.object({ numberId: idOf('num') }),
  },
});

/** A number as its events store it. */
export function toFacts({ phoneNumber: number, ...rest }: PhoneNumber): z.output<typeof facts> {
  return { ...rest, number };
}
