import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * What remains of a deleted call: its part in the totals, and the fact, so that no late record brings it back. The
 * record of events stays closed to change; this function is the only way to take a call out of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table deleted_call (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    started_at timestamptz not null,
    was_answered boolean not null,
    duration_ms integer not null,
    usage jsonb,
    cost jsonb,
    deleted_at timestamptz not null default now(),
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index deleted_call_started on deleted_call (tenant_id, started_at)`.execute(db);
  await tenantTable(db, 'deleted_call', { tenant: ['select', 'insert'] });

  await sql`create policy forgetting on event_record for all to current_user
    using (tenant_id = current_setting('app.tenant_id', true))`.execute(db);
  await sql`create function forget_events(streams text[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      delete from public.event_record
      where tenant_id = current_setting('app.tenant_id', true) and stream = any ($1)
    $$`.execute(db);
  await sql`revoke all on function forget_events from public`.execute(db);
  await sql`grant execute on function forget_events to parley_app`.execute(db);
}
