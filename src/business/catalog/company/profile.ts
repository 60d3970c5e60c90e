import { z } from 'zod';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { currencyCode, instant } from '../../../platform/http/rest-values.ts';
import { addressSchema } from './address.ts';

/* Schemas of the profile in responses and events. */

const languages = z
  .array(z.string().refine(isLanguage, 'must be a language tag such as en-US'))
  .max(20)
  .meta({ description: 'BCP 47, the most used first.', examples: [['en-US', 'es-US']] });
const timeZone = z
  .string()
  .min(1)
  .max(60)
  .meta({ description: 'IANA name.', examples: ['America/New_York'] });

const example = {
  id: 'tnt_01h2xcejqtf2nbrexx3vqjhp41',
  name: 'Harbour Street Bicycles',
  legalName: 'Harbour Street Bicycles LLC',
  description: 'Bicycle shop and workshop.',
  website: 'https://harbourstreet.example',
  address: {
    line1: '12 Harbour Street',
    line2: '',
    city: 'Portland',
    region: 'ME',
    postalCode: '04101',
    country: 'US',
  },
  phone: '+12075550100',
  email: 'hello@harbourstreet.example',
  timeZone: 'America/New_York',
  currency: 'USD',
  languages: ['en-US'],
  createdAt: '2026-11-02T09:00:00.000Z',
  updatedAt: '2026-11-02T09:00:00.000Z',
};

export const companySchema = z
  .object({
    id: idOf('tnt'),
    name: z.string(),
    legalName: z.string().nullable(),
    description: z.string(),
    website: z.string().nullable(),
    address: addressSchema.nullable(),
    phone: z.string().nullable().describe('E.164.'),
    email: z.string().nullable(),
    timeZone,
    currency: currencyCode,
    languages: z.array(z.string()),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Company', examples: [example] });

export type Company = z.output<typeof companySchema> & { readonly version: number };

export const companyChangesSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    legalName: z.string().trim().max(200).nullable(),
    description: z.string().trim().max(2_000).describe('What the business does, in its own words.'),
    website: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .nullable(),
    address: addressSchema.nullable(),
    phone: z.string().max(40).nullable().describe('Where people reach the business, with its country code.'),
    email: z.email().max(254).nullable(),
    timeZone,
    currency: currencyCode.describe('Of new prices; what is priced already keeps its own.'),
    languages,
  })
  .partial()
  .meta({ id: 'CompanyChanges', examples: [{ name: example.name, timeZone: example.timeZone }] });

export type CompanyChanges = z.output<typeof companyChangesSchema>;

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
