import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/references/ids.ts';
import type { UsageCount } from './usage-meter.ts';

/** Across tenants; in one order, so that two nodes that write at once wait for each other and never in a circle. */
export async function addUsage(db: Db, counts: readonly UsageCount[]): Promise<void> {
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
      )`.execute(db);
}

/** By day, newest first, then by endpoint. */
export function listUsage(
  db: Db,
  tenantId: TenantId,
  apiKeyId: ApiKeyId,
  range: {
    readonly since: string;
    readonly until: string;
    readonly after: readonly [day: string, endpoint: string] | undefined;
    readonly limit: number;
  },
) {
  const { since, until, after, limit } = range;
  return db
    .selectFrom('apiKeyUsage')
    .select([sql<string>`day::text`.as('day'), 'endpoint', 'requests', 'errors', 'durations'])
    .where('tenantId', '=', tenantId)
    .where('apiKeyId', '=', apiKeyId)
    .where('day', '>=', since)
    .where('day', '<=', until)
    .$if(after !== undefined, (query) =>
      query.where((row) =>
        row.or([
          row('day', '<', after![0]),
          row.and([row('day', '=', after![0]), row('endpoint', '>', after![1])]),
        ]),
      ),
    )
    .orderBy('apiKeyUsage.day', 'desc')
    .orderBy('endpoint')
    .limit(limit)
    .execute();
}
