import { z } from 'zod';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import { type Page, pageQuery } from '../../../platform/data/paging.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import {
  type KnowledgeKind,
  sourceColumns,
  type SourceRow,
  sourceStatuses,
} from '../knowledge-source-table.ts';

/* What entries and files have in common. */

export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR')
  .describe('BCP 47. Words are looked for in the forms they have in this language.');

/** A text, without the characters that PostgreSQL cannot store. */
export const textSchema = (maxCharacters: number) =>
  z
    .string()
    .transform((value) => value.replaceAll('\u0000', '').toWellFormed().trim())
    .pipe(z.string().min(1).max(maxCharacters));

const status = z.enum(sourceStatuses);

/** The fields that both have in their answers. */
export const sourceShape = {
  language: z.string(),
  status: status.describe(
    'From `embedding` on it is found by its words, and once `ready` by its meaning too. `failed` says why in `failure`.',
  ),
  failure: z.string().nullable(),
  progress: z
    .object({ passages: z.int(), embedded: z.int() })
    .describe('Passages it was cut into, and how many of them can be found by their meaning.'),
  createdAt: instant,
  updatedAt: instant,
};

type SourceFields = z.output<z.ZodObject<typeof sourceShape>>;

export function toSourceFields(row: SourceRow): SourceFields {
  const { language, status: at, failure, chunkCount, embeddedCount, createdAt, updatedAt } = row;
  const progress = { passages: chunkCount, embedded: embeddedCount };
  return { language, status: at, failure, progress, createdAt, updatedAt };
}

export const sourceQuery = z.object({ ...pageQuery.shape, status: status.optional() });
export type SourceQuery = z.output<typeof sourceQuery>;

const byId = keyset({ column: 'knowledgeSource.id' });

/** Newest first: ids sort by time. */
export function listSources(
  tx: Tx,
  kind: KnowledgeKind,
  { status: wanted, ...page }: SourceQuery,
): Promise<Page<SourceRow>> {
  const query = tx
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where(matching('knowledgeSource', { tenantId: tx.tenantId, kind, status: wanted }));
  return byId.page(query, { ...page, direction: 'desc' });
}
