import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import {
  currencyCode,
  instant,
  priceMinor,
  queryFlag,
  searchText,
} from '../../../platform/http/rest-values.ts';
import { slugSchema } from '../../tenancy/references/references.ts';

/* Schemas of a product in rows, responses and events. */

const name = z.string().trim().min(1).max(120);
const description = z.string().trim().max(2_000);
const active = z.boolean().describe('Whether it is on sale now.');

export const productSchema = z
  .object({
    id: idOf('prd'),
    slug: slugSchema,
    name: z.string(),
    description: z.string(),
    priceMinor,
    currency: currencyCode,
    active,
    archivedAt: instant.nullable().describe('Archived: what was ordered once is stored, and not offered.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'Product',
    examples: [
      {
        id: 'prd_01h2xcejqtf2nbrexx3vqjhp41',
        slug: 'u-lock',
        name: 'Steel U-lock',
        description: 'Hardened 14 mm shackle with two keys.',
        priceMinor: 4900,
        currency: 'USD',
        active: true,
        archivedAt: null,
        createdAt: '2026-11-02T09:00:00.000Z',
        updatedAt: '2026-11-02T09:00:00.000Z',
      },
    ],
  });

export type Product = z.output<typeof productSchema> & { readonly version: number };

export const productPageSchema = pageOf(productSchema).meta({ id: 'ProductPage' });

export const productQuery = z.object({
  ...pageQuery.shape,
  q: searchText(120)
    .optional()
    .meta({ description: 'Words that stand in the name, in part or whole.', examples: ['lock'] }),
  active: queryFlag.optional(),
  archived: queryFlag.optional().describe('Those archived, instead of the others.'),
});

export const newProductSchema = z
  .strictObject({
    slug: slugSchema.optional(),
    name,
    description: description.default(''),
    priceMinor,
    currency: currencyCode.optional().describe('The company’s, where left out.'),
    active: active.default(true),
  })
  .meta({ id: 'NewProduct', examples: [{ name: 'Steel U-lock', priceMinor: 4900 }] });

export const productChangesSchema = z
  .strictObject({
    name,
    description,
    priceMinor: priceMinor.describe('Of orders to come; those placed keep theirs.'),
    currency: currencyCode,
    active,
    archived: z.boolean().describe('False restores what was archived; it is not active then.'),
  })
  .partial()
  .meta({ id: 'ProductChanges', examples: [{ priceMinor: 5200 }] });

export type NewProduct = z.output<typeof newProductSchema>;
export type ProductChanges = z.output<typeof productChangesSchema>;
