import { sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';

/** How many agents are published and not archived. */
export async function countPublishedAgents(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from agent
    where tenant_id = ${tx.tenantId} and published_version_id is not null and archived_at is null`.execute(
    tx,
  );
  return rows[0]!.count;
}

/** For the platform's staff: how many agents a business has, archived ones too. */
export async function countAgents(tx: SystemTx, tenantId: TenantId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from agent where tenant_id = ${tenantId}`.execute(tx);
  return rows[0]!.count;
}
