import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tx.ts';

/** How many numbers are connected now. */
export async function countActiveNumbers(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from phone_number
    where tenant_id = ${tx.tenantId} and status = 'active'`.execute(tx);
  return rows[0]!.count;
}
