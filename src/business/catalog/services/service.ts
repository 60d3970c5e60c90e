import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { currencyCode, instant, priceMinor, queryFlag } from '../../../platform/http/rest-values.ts';
import { slugSchema } from '../../tenancy/references/references.ts';

/* Schemas of a service in rows, responses and events. */

const name = z.string().trim().min(1).max(80);
const description = z.string().trim().max(1_000);
const durationMinutes = z.int().min(5).max(1_440);
const bufferMinutes = z
  .int()
  .min(0)
  .max(480)
  .describe('How long whoever performed it stays busy afterwards.');
const active = z.boolean().describe('Whether it can be booked.');
const archivedAt = instant.nullable().describe('Archived: what was booked once is stored, and not offered.');
const archived = z.boolean().describe('False restores what was archived; it is not active then.');
const resourceIds = z
  .array(idInput('rsc'))
  .max(200)
  .describe('Who performs it; none: every active resource does.');

const serviceExample = {
  id: 'svc_01h2xcejqtf2nbrexx3vqjhp41',
  slug: 'tune-up',
  name: 'Tune-up',
  description: 'Brakes, gears and bearings adjusted.',
  durationMinutes: 60,
  bufferMinutes: 15,
  priceMinor: 8500,
  currency: 'USD',
  active: true,
  resourceIds: ['rsc_01h2xcejqtf2nbrexx3vqjhp41'],
  archivedAt: null,
  createdAt: '2026-11-02T09:00:00.000Z',
  updatedAt: '2026-11-02T09:00:00.000Z',
};

export const serviceSchema = z
  .object({
    id: idOf('svc'),
    slug: slugSchema,
    name: z.string(),
    description: z.string(),
    durationMinutes,
    bufferMinutes,
    priceMinor,
    currency: currencyCode,
    active,
    resourceIds: z.array(idOf('rsc')).describe('Who performs it; none: every active resource does.'),
    archivedAt,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Service', examples: [serviceExample] });

export type Service = z.output<typeof serviceSchema> & { readonly version: number };

export const servicePageSchema = pageOf(serviceSchema).meta({ id: 'ServicePage' });

export const serviceQuery = z.object({
  ...pageQuery.shape,
  active: queryFlag.optional(),
  archived: queryFlag.optional().describe('Those archived, instead of the others.'),
});

export const newServiceSchema = z
  .strictObject({
    slug: slugSchema.optional(),
    name,
    description: description.default(''),
    durationMinutes,
    bufferMinutes: bufferMinutes.default(0),
    priceMinor,
    currency: currencyCode.optional().describe('The company’s, where left out.'),
    active: active.default(true),
    resourceIds: resourceIds.default([]),
  })
  .meta({
    id: 'NewService',
    examples: [{ name: 'Tune-up', durationMinutes: 60, bufferMinutes: 15, priceMinor: 8500 }],
  });

export const serviceChangesSchema = z
  .strictObject({
    name,
    description,
    durationMinutes,
    bufferMinutes,
    priceMinor,
    currency: currencyCode,
    active,
    resourceIds,
    archived,
  })
  .partial()
  .meta({ id: 'ServiceChanges', examples: [{ priceMinor: 9000 }] });

export type NewService = z.output<typeof newServiceSchema>;
export type ServiceChanges = z.output<typeof serviceChangesSchema>;
