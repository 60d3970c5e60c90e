import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, type Page, pageOf, pageQuery, toPage } from '../../../platform/data/paging.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { apiKeyTable } from './api-key-table.ts';
import { type Histogram, quantileMs } from './usage-histogram.ts';

export const usageQuery = z.object({
  ...pageQuery.shape,
  since: z.iso.date().optional().describe('UTC; a month before `until` unless named.'),
  until: z.iso.date().optional().describe('UTC, inclusive; today unless named.'),
});

const usageSchema = z
  .object({
    day: z.iso.date().describe('In UTC.'),
    endpoint: z.string(),
    requests: z.int(),
    errors: z.int().describe('Answered with a status of 400 or more.'),
    p50Ms: z.number().nullable().describe('Half of the answers took no longer.'),
    p95Ms: z.number().nullable(),
  })
  .meta({
    id: 'ApiKeyUsage',
    examples: [
      {
        day: '2026-03-02',
        endpoint: 'GET /v1/calls',
        requests: 1_204,
        errors: 3,
        p50Ms: 4.2,
        p95Ms: 11.8,
      },
    ],
  });

export const usagePageSchema = pageOf(usageSchema).meta({ id: 'ApiKeyUsagePage' });

export type ApiKeyUsage = z.output<typeof usageSchema>;

const dayMs = 24 * 3_600_000;
const shownDays = 31;
const position = z.tuple([z.iso.date(), z.string()]);

/** Requests, errors and response times by day, newest first, then by endpoint. */
export async function listUsage(
  tx: Tx,
  keyId: ApiKeyId,
  { limit, cursor, until: lastDay, since: firstDay }: z.output<typeof usageQuery>,
  now: Date,
): Promise<Page<ApiKeyUsage>> {
  await apiKeyTable.get(tx, keyId);
  const until = lastDay ?? dayOf(now);
  const since = firstDay ?? dayOf(new Date(Date.parse(until) - shownDays * dayMs));
  const key = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const query = tx
    .selectFrom('apiKeyUsage')
    .select([sql<string>`day::text`.as('day'), 'endpoint', 'requests', 'errors', 'durations'])
    .where('tenantId', '=', tx.tenantId)
    .where('apiKeyId', '=', keyId)
    .where('day', '>=', since)
    .where('day', '<=', until)
    .orderBy('apiKeyUsage.day', 'desc')
    .orderBy('endpoint')
    .limit(limit + 1);
  const rows = await (key === undefined ? query : query.where(sql<boolean>`${after(key)}`)).execute();
  return toPage(
    rows,
    limit,
    ({ day, endpoint }) => [day, endpoint],
    ({ durations, ...row }) => ({
      ...row,
      p50Ms: quantileMs(durations, 0.5),
      p95Ms: quantileMs(durations, 0.95),
    }),
  );
}

export interface UsageCount {
  readonly tenantId: TenantId;
  readonly apiKeyId: ApiKeyId;
  readonly day: string;
  readonly endpoint: string;
  requests: number;
  errors: number;
  readonly durations: Histogram;
}

/** Adds counts across tenants, in a fixed order, so that two nodes that write at once do not deadlock. */
export async function addUsage(tx: SystemTx, counts: readonly UsageCount[]): Promise<void> {
  await sql`
    insert into api_key_usage (tenant_id, api_key_id, day, endpoint, requests, errors, durations)
    select key.tenant_id, key.id, day::date, endpoint, requests, errors, durations
    from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb)
      as counted("tenantId" text, "apiKeyId" text, day text, endpoint text, requests int, errors int, durations jsonb)
    join api_key key on key.tenant_id = "tenantId" and key.id = "apiKeyId"
    order by 1, 2, 3, 4
    on conflict (tenant_id, api_key_id, day, endpoint) do update set
      requests = api_key_usage.requests + excluded.requests,
      errors = api_key_usage.errors + excluded.errors,
      durations = (
        select jsonb_agg(was::int + more::int order by position)
        from rows from (
          jsonb_array_elements_text(api_key_usage.durations), jsonb_array_elements_text(excluded.durations)
        ) with ordinality as pair(was, more, position)
      )`.execute(tx);
}

function after([day, endpoint]: z.output<typeof position>) {
  return sql`(day < ${day} or (day = ${day} and endpoint > ${endpoint}))`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
