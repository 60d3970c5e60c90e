import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';

/** Number of upcoming bookings. */
export async function countUpcomingBookings(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from booking
    where tenant_id = ${tx.tenantId} and status = 'booked' and starts_at > now()`.execute(tx);
  return rows[0]!.count;
}

/** Number of bookings made from `from` (inclusive) to `to` (exclusive) and not cancelled. */
export async function countBookings(
  tx: Tx,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from booking
    where tenant_id = ${tx.tenantId} and created_at >= ${from} and created_at < ${to}
      and status <> 'cancelled'`.execute(tx);
  return rows[0]!.count;
}
