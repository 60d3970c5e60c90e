import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table api_key_usage (
    tenant_id text collate "C" not null,
    api_key_id text collate "C" not null,
    -- In UTC.
    day date not null,
    endpoint text collate "C" not null,
    requests integer not null,
    errors integer not null,
    -- How many answers took how long: counts by the bounds in usage-histogram.ts.
    durations jsonb not null,
    primary key (tenant_id, api_key_id, day, endpoint),
    foreign key (tenant_id, api_key_id) references api_key (tenant_id, id)
  )`.execute(db);
  // Counted for all tenants at once, a few times a minute.
  await tenantTable(db, 'api_key_usage', { tenant: ['select'], system: ['select', 'insert', 'update'] });
}
