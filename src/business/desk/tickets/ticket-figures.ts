import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';

/** Number of tickets that are not resolved. */
export async function countOpenTickets(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ticket
    where tenant_id = ${tx.tenantId} and status in ('open', 'in_progress')`.execute(tx);
  return rows[0]!.count;
}

/** Number of tickets opened from `from` (inclusive) to `to` (exclusive). */
export async function countTickets(
  tx: Tx,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ticket
    where tenant_id = ${tx.tenantId} and created_at >= ${from} and created_at < ${to}`.execute(tx);
  return rows[0]!.count;
}
