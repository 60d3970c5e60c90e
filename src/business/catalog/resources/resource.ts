import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant, queryFlag } from '../../../platform/http/rest-values.ts';
import { slugSchema } from '../../tenancy/references/references.ts';
import { resourceKinds } from './resource-table.ts';

/* Schemas of a resource in rows, responses and events. */

const name = z.string().trim().min(1).max(80);
const active = z.boolean().describe('Whether it can be booked.');
const archivedAt = instant.nullable().describe('Archived: what was booked once is stored, and not offered.');
const archived = z.boolean().describe('False restores what was archived; it is not active then.');
const kind = z.enum(resourceKinds);
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
    id: idOf('rsc'),
    slug: slugSchema,
    name: z.string(),
    kind,
    active,
    archivedAt,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Resource', examples: [resourceExample] });

export type Resource = z.output<typeof resourceSchema> & { readonly version: number };

export const resourcePageSchema = pageOf(resourceSchema).meta({ id: 'ResourcePage' });

export const resourceQuery = z.object({
  ...pageQuery.shape,
  active: queryFlag.optional(),
  archived: queryFlag.optional().describe('Those archived, instead of the others.'),
});

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

export type NewResource = z.output<typeof newResourceSchema>;
export type ResourceChanges = z.output<typeof resourceChangesSchema>;
