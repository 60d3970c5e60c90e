import { type Kysely, sql } from 'kysely';

/** Customers who did not come, and an index for each way bookings are listed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table booking drop constraint booking_status_check`.execute(db);
  await sql`alter table booking add constraint booking_status_check
    check (status in ('booked', 'completed', 'cancelled', 'no_show'))`.execute(db);
  await sql`drop index booking_start`.execute(db);
  await sql`create index booking_start on booking (tenant_id, starts_at, id)`.execute(db);
  await sql`drop index booking_customer`.execute(db);
  for (const filter of ['customer_id', 'status', 'service_id', 'resource_id']) {
    const name = sql.ref(`booking_by_${filter}`);
    await sql`create index ${name} on booking (tenant_id, ${sql.ref(filter)}, starts_at, id)`.execute(db);
  }
  await sql`create index booking_call on booking (tenant_id, call_id) where call_id is not null`.execute(db);
}
