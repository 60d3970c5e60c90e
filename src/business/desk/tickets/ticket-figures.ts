import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';

/** How many tickets are not resolved yet. */
export async function countOpenTickets(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ticket
    where tenant_id = ${tx.tenantId} and status in ('open', 'in_progress')`.execute(tx);
  return rows[0]!.count;
}

/** How many tickets were opened from `from` on and before `to`. */
export async function countTickets(
  tx: Tx,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ticket
    where tenant_id = ${tx.tenantId} and created_at >= ${from} and created_at < ${to}`.execute(tx);
  return rows[0]!.count;
}
