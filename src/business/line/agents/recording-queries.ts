import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, CallId } from '../../tenancy/references/ids.ts';

export interface Retention {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly keepDays: number;
}

/** Across tenants: agents that do not keep recordings for ever. */
export function listRetentions(db: Db): Promise<Retention[]> {
  const keepDays = sql<number>`(agent_version.config #>> '{recording,keepDays}')::int`;
  return db
    .selectFrom('agent')
    .innerJoin('agentVersion', (join) =>
      join
        .onRef('agentVersion.tenantId', '=', 'agent.tenantId')
        .on('agentVersion.id', '=', sql.ref('agent.published_version_id')),
    )
    .select(['agent.tenantId', 'agent.id as agentId', keepDays.as('keepDays')])
    .where(keepDays, 'is not', null)
    .execute();
}

export async function listExpired(
  db: Db,
  tenantId: TenantId,
  { agentId, before, limit }: { readonly agentId: AgentId; readonly before: Date; readonly limit: number },
): Promise<{ id: CallId; recordingKey: string }[]> {
  return db
    .selectFrom('call')
    .select(['id', 'recordingKey'])
    .where('tenantId', '=', tenantId)
    .where('agentId', '=', agentId)
    .where('startedAt', '<', before)
    .where('recordingKey', 'is not', null)
    .limit(limit)
    .$narrowType<{ recordingKey: string }>()
    .execute();
}

export async function forgetRecordings(db: Db, tenantId: TenantId, ids: readonly CallId[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('call')
    .set({ recordingKey: null, recordingDurationMs: null, recordingSizeBytes: null })
    .where('tenantId', '=', tenantId)
    .where('id', 'in', ids)
    .execute();
}
