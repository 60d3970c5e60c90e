import { sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';

/* Published versions, across tenants. */

/** The published version of each agent that is not archived. */
export function listPublishedAgents(
  tx: SystemTx,
): Promise<{ readonly agentId: AgentId; readonly agentVersionId: AgentVersionId }[]> {
  return tx
    .selectFrom('agent')
    .select(['id as agentId', 'publishedVersionId as agentVersionId'])
    .where('publishedVersionId', 'is not', null)
    .where('archivedAt', 'is', null)
    .$narrowType<{ agentVersionId: AgentVersionId }>()
    .execute();
}

/** Configurations as they are stored. A version never changes, so the caller reads each once. */
export function listVersionConfigs(tx: SystemTx, ids: readonly AgentVersionId[]) {
  return tx
    .selectFrom('agentVersion')
    .select(['id', 'config'])
    .where(matching('agentVersion', { id: ids }))
    .execute();
}

export interface RecordingRetention {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly keepDays: number;
}

/** Agents whose published version limits how long recordings are stored. */
export function listRecordingRetentions(tx: SystemTx): Promise<RecordingRetention[]> {
  const keepDays = sql<number>`(agent_version.config #>> '{recording,keepDays}')::int`;
  return tx
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
