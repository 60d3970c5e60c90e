import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';

/**
 * Count and value of orders from `from` (inclusive) to `to` (exclusive) that were not cancelled. Values are in minor
 * units.
 */
export async function sumOrders(
  tx: Tx,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<{ readonly orders: number; readonly orderValueMinor: number }> {
  const { rows } = await sql<{ orders: number; orderValueMinor: number }>`
    select count(*)::integer as orders, coalesce(sum(total_minor), 0)::float8 as order_value_minor
    from customer_order
    where tenant_id = ${tx.tenantId} and created_at >= ${from} and created_at < ${to}
      and status <> 'cancelled'`.execute(tx);
  return rows[0]!;
}
