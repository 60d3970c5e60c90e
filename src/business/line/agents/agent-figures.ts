import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tx.ts';

/** How many agents are published and not archived. */
export async function countPublishedAgents(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from agent
    where tenant_id = ${tx.tenantId} and published_version_id is not null and archived_at is null`.execute(
    tx,
  );
  return rows[0]!.count;
}
