import { sql } from 'kysely';
import type { Tx } from '../tenancy/tenancy.ts';

/** Number of customers. */
export async function countCustomers(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from customer where tenant_id = ${tx.tenantId}`.execute(tx);
  return rows[0]!.count;
}
