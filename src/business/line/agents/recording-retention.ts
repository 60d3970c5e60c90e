import { sql } from 'kysely';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId } from '../../tenancy/references/ids.ts';

export interface RecordingRetention {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly keepDays: number;
}

/** Across tenants: agents whose published version limits how long recordings are stored. */
export function listRecordingRetentions(db: Db): Promise<RecordingRetention[]> {
  const keepDays = sql<number>`(agent_version.config #>> '{recording,keepDays}')::int`;
  return withSystem(db, (tx) =>
    tx
      .selectFrom('agent')
      .innerJoin('agentVersion', (join) =>
        join
          .onRef('agentVersion.tenantId', '=', 'agent.tenantId')
          .on('agentVersion.id', '=', sql.ref('agent.published_version_id')),
      )
      .select(['agent.tenantId', 'agent.id as agentId', keepDays.as('keepDays')])
      .where(keepDays, 'is not', null)
      .execute(),
  );
}
