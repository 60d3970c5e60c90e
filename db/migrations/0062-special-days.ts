import { type Kysely, sql } from 'kysely';

/** A special day may have several ranges, as every other day may: one row each, or one row that says closed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table opening_exception drop constraint opening_exception_pkey`.execute(db);
  await sql`create unique index opening_exception_range
    on opening_exception (tenant_id, local_date, coalesce(opens_at_minute, -1))`.execute(db);
}
