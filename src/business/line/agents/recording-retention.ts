import { sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId } from '../../tenancy/references/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';

export interface RecordingRetention {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly keepDays: number;
}

/** Across tenants: agents whose published version limits how long recordings are stored. */
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
