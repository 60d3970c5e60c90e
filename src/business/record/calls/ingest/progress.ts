import { matching } from '../../../../platform/data/matching.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import type { Tx } from '../../../tenancy/tenancy.ts';

/** Up to which record of its journal a call is stored; undefined before its first. */
export function findProgress(tx: Tx, callId: CallId) {
  return tx
    .selectFrom('call')
    .select(['lastSequence', 'status'])
    .where(matching('call', { tenantId: tx.tenantId, id: callId }))
    .executeTakeFirst();
}

export async function isDeleted(tx: Tx, callId: CallId): Promise<boolean> {
  const row = await tx
    .selectFrom('deletedCall')
    .select('id')
    .where(matching('deletedCall', { tenantId: tx.tenantId, id: callId }))
    .executeTakeFirst();
  return row !== undefined;
}
