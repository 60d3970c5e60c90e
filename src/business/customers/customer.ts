import { z } from 'zod';
import type { PersonalDataCipher } from '../../platform/crypto/personal-data.ts';
import { pageOf, pageQuery } from '../../platform/data/paging.ts';
import { idInput, idOf } from '../../platform/http/rest-ids.ts';
import { instant } from '../../platform/http/rest-values.ts';
import type { CustomerRow } from './customer-table.ts';
import { lastNameKey, nameKey } from './name-key.ts';

/* Schemas of a customer in rows (encrypted, with blind indexes), in services and in responses. */

const fields = {
  id: idOf('cus'),
  name: z.string().nullable(),
  phone: z.string().nullable().describe('E.164.'),
  email: z.string().nullable(),
  address: z.string().nullable(),
  createdAt: instant,
  updatedAt: instant,
  erasedAt: instant.nullable(),
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

export const customerExample = { ...example, otherPhones: [] };

export const customerSchema = z
  .object({
    ...fields,
    otherPhones: z.array(z.string()).describe('Of customers who were merged into this one.'),
  })
  .meta({ id: 'Customer', examples: [customerExample] });

export type Customer = z.output<typeof summarySchema> & { readonly version: number };
/** A customer with the numbers of those who were merged into this one. */
export type CustomerRecord = z.output<typeof customerSchema> & { readonly version: number };

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

export type CustomerDetails = z.output<typeof customerChanges>;

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

export function toCustomer(cipher: PersonalDataCipher, row: CustomerRow): Customer {
  const { id, version, name, createdAt, updatedAt, erasedAt } = row;
  return {
    id,
    version,
    phone: cipher.decrypt(row.phoneEncrypted),
    email: cipher.decrypt(row.emailEncrypted),
    address: cipher.decrypt(row.addressEncrypted),
    name,
    createdAt,
    updatedAt,
    erasedAt,
  };
}

/** The columns of the given details: ciphertext and blind index. Absent details stay unchanged. */
export function toColumns(
  cipher: PersonalDataCipher,
  { phone, email: mail, address, name }: CustomerDetails,
) {
  return {
    ...(phone === undefined
      ? {}
      : { phoneEncrypted: cipher.encrypt(phone), phoneIndex: phone && cipher.blindIndex(phone) }),
    ...(mail === undefined
      ? {}
      : { emailEncrypted: cipher.encrypt(mail), emailIndex: mail && cipher.blindIndex(mail) }),
    ...(address === undefined ? {} : { addressEncrypted: cipher.encrypt(address) }),
    ...(name === undefined
      ? {}
      : { name, nameKey: name && nameKey(name), lastNameKey: name && lastNameKey(name) }),
  };
}
