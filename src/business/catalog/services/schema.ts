import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { currencyCode, instantOutput, priceMinor, queryFlag } from '../../../platform/http/rest-values.ts';
import { slugSchema } from '../../tenancy/references/slug.ts';
import type { Resource } from './resources.ts';
import type { OfferedService } from './service.ts';

const name = z.string().trim().min(1).max(80);
const description = z.string().trim().max(1_000);
const durationMinutes = z.int().min(5).max(1_440);
const bufferMinutes = z
  .int()
  .min(0)
  .max(480)
  .describe('How long whoever performed it stays busy afterwards.');
const active = z.boolean().describe('Whether it can be booked.');
const archivedAt = instantOutput
  .nullable()
  .describe('Put away: what was booked once is kept, and not offered.');
const archived = z.boolean().describe('False brings back what was put away; it is not active then.');
const resourceIds = z
  .array(idInput('rsc'))
  .max(200)
  .describe('Who performs it; none: every active resource does.');

const catalogueQuery = {
  ...pageQuery.shape,
  active: queryFlag.optional(),
  archived: queryFlag.optional().describe('Those put away, instead of the others.'),
};

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
    id: idOutput('svc'),
    slug: slugSchema,
    name: z.string(),
    description: z.string(),
    durationMinutes,
    bufferMinutes,
    priceMinor,
    currency: currencyCode,
    active,
    resourceIds: z.array(idOutput('rsc')).describe('Who performs it; none: every active resource does.'),
    archivedAt,
    createdAt: instantOutput,
    updatedAt: instantOutput,
  })
  .meta({ id: 'Service', examples: [serviceExample] });

export const servicePageSchema = pageOf(serviceSchema).meta({ id: 'ServicePage' });
export const serviceQuery = z.object(catalogueQuery);

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

const kind = z.enum(['person', 'place', 'equipment']);
const resourceExample = {
  id: 'rsc_01h2xcejqtf2nbrexx3vqjhp41',
  slug: 'sam',
  name: 'Sam',
  kind: 'person',
  active: true,
  archivedAt: null,
  createdAt: '2026-11-02T09:00:00.000Z',
  updatedAt: '2026-11-02T09:00:00.000Z',
};

export const resourceSchema = z
  .object({
    id: idOutput('rsc'),
    slug: slugSchema,
    name: z.string(),
    kind,
    active,
    archivedAt,
    createdAt: instantOutput,
    updatedAt: instantOutput,
  })
  .meta({ id: 'Resource', examples: [resourceExample] });

export const resourcePageSchema = pageOf(resourceSchema).meta({ id: 'ResourcePage' });
export const resourceQuery = z.object(catalogueQuery);

export const newResourceSchema = z
  .strictObject({
    slug: slugSchema.optional(),
    name,
    kind: kind.default('person'),
    active: active.default(true),
  })
  .meta({ id: 'NewResource', examples: [{ name: 'Sam', kind: 'person' }] });

export const resourceChangesSchema = z
  .strictObject({ name, kind, active, archived })
  .partial()
  .meta({ id: 'ResourceChanges', examples: [{ active: false }] });

export const removedSchema = z
  .null()
  .describe('Removed; or put away, where there are bookings that name it.');

export function presentService(service: OfferedService): z.output<typeof serviceSchema> {
  return { ...service, resourceIds: [...service.resourceIds], ...instantsOf(service) };
}

export function presentResource(resource: Resource): z.output<typeof resourceSchema> {
  return { ...resource, ...instantsOf(resource) };
}

function instantsOf(row: { createdAt: Date; updatedAt: Date; archivedAt: Date | null }) {
  return {
    archivedAt: row.archivedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
