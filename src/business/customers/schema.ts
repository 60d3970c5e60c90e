import { z } from 'zod';
import { pageOf, pageQuery } from '../../platform/data/paging.ts';
import { idInput, idOutput } from '../../platform/http/rest-ids.ts';
import { instantOutput } from '../../platform/http/rest-values.ts';
import type { Customer } from './customer.ts';
import { erasedKinds } from './erase.ts';
import { activityKinds, type ActivityRow } from './everything-queries.ts';
import type { CustomerRecord } from './records.ts';

const fields = {
  id: idOutput('cus'),
  name: z.string().nullable(),
  phone: z.string().nullable().describe('E.164.'),
  email: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: instantOutput,
  updatedAt: instantOutput,
  erasedAt: instantOutput.nullable(),
};

const example = {
  id: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
  name: 'Maya Lindgren',
  phone: '+14155550123',
  email: 'maya@example.com',
  address: null,
  createdAt: '2026-11-24T15:00:00.000Z',
  updatedAt: '2026-11-24T15:00:00.000Z',
  erasedAt: null,
};

const summarySchema = z.object(fields).meta({ id: 'CustomerSummary', examples: [example] });

export const customerSchema = z
  .object({
    ...fields,
    otherPhones: z.array(z.string()).describe('Of customers who were merged into this one.'),
  })
  .meta({ id: 'Customer', examples: [{ ...example, otherPhones: [] }] });

export const customerPageSchema = pageOf(summarySchema).meta({ id: 'CustomerPage' });

const email = z.email().max(254).toLowerCase();

export const customerListQuery = z.object({
  ...pageQuery.shape,
  q: z.string().trim().min(1).max(100).optional().describe('The beginning of a first or last name.'),
  phone: z
    .string()
    .max(40)
    .optional()
    .describe('The whole number. Numbers are encrypted at rest, so a part of one finds nobody.'),
  email: email.optional().describe('The whole address, for the same reason.'),
});

const details = {
  name: z.string().trim().min(1).max(200).nullable(),
  phone: z.string().trim().min(1).max(40).nullable().describe('With the country code.'),
  email: email.nullable(),
  address: z.string().trim().min(1).max(1_000).nullable(),
};

export const customerChanges = z
  .strictObject(details)
  .partial()
  .meta({ id: 'CustomerChanges', examples: [{ name: 'Maya Lindgren', email: 'maya@example.com' }] });

export const newCustomerBody = z
  .strictObject(details)
  .partial()
  .refine(({ name, phone, email: address }) => Boolean(name ?? phone ?? address), {
    error: 'needs a name, a number or an e-mail address',
  })
  .meta({ id: 'NewCustomer', examples: [{ name: 'Maya Lindgren', phone: '+14155550123' }] });

export const mergeBody = z
  .strictObject({ otherId: idInput('cus') })
  .meta({ examples: [{ otherId: 'cus_01h2xcejqtf2nbrexx3vqjhp41' }] });

export const activityPageSchema = pageOf(
  z
    .object({
      kind: z.enum(activityKinds),
      id: z.string(),
      at: instantOutput,
      reference: z.string().nullable().describe('Short enough to say.'),
      status: z.string(),
      title: z.string().nullable(),
    })
    .meta({
      id: 'CustomerActivity',
      examples: [
        {
          kind: 'order',
          id: 'ord_01h2xcejqtf2nbrexx3vqjhp41',
          at: '2026-11-24T15:00:00.000Z',
          reference: 'O-1042',
          status: 'placed',
          title: null,
        },
      ],
    }),
).meta({ id: 'CustomerActivityPage' });

export const erasureSchema = z
  .object({ erased: z.object(Object.fromEntries(erasedKinds.map((kind) => [kind, z.int()]))) })
  .meta({ id: 'Erasure', description: 'How much was erased, by kind; nothing the second time.' });

export function presentSummary(customer: Customer): z.infer<typeof summarySchema> {
  const { id, name, phone, email: address, address: place, createdAt, updatedAt, erasedAt } = customer;
  return {
    id,
    name,
    phone,
    email: address,
    address: place,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    erasedAt: erasedAt?.toISOString() ?? null,
  };
}

export function presentCustomer(customer: CustomerRecord): z.infer<typeof customerSchema> {
  return { ...presentSummary(customer), otherPhones: [...customer.otherPhones] };
}

export function presentActivity(row: ActivityRow) {
  return { ...row, at: row.at.toISOString() };
}
