import type { Db } from '../../../../platform/data/db.ts';
import type { TenantId } from '../../../../platform/data/ids.ts';
import type { AgentId, CallId } from '../../../tenancy/references/ids.ts';

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
