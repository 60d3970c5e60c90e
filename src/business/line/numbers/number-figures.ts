import { sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';

/** How many numbers are connected now. */
export async function countActiveNumbers(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from phone_number
    where tenant_id = ${tx.tenantId} and status = 'active'`.execute(tx);
  return rows[0]!.count;
}

/** For the platform's staff: how many phone numbers a business has, released ones included. */
export async function countNumbers(tx: SystemTx, tenantId: TenantId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from phone_number where tenant_id = ${tenantId}`.execute(tx);
  return rows[0]!.count;
}
