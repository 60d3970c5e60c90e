import type { Db } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import type { CallId } from '../../tenancy/references/ids.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { recordingKeyOf } from './recording-key.ts';

/**
 * Deletes a call that is over: its rows, events and audio. An entry in the audit log and its part in the totals are
 * all that remains.
 */
export async function deleteCall(
  { db, storage }: { readonly db: Db; readonly storage: Pick<Storage, 'remove'> },
  actor: TenantActor,
  callId: CallId,
): Promise<void> {
  const { tenantId } = actor;
  const find = async (transaction: Db) => {
    const call = await queries.findCall(transaction, tenantId, callId);
    if (call === undefined) throw new NotFound('There is no such call.');
    if (call.status !== 'completed')
      throw new Conflict('This call is still going on; end it first.', { code: 'call-in-progress' });
    return call;
  };
  const { recordingKey } = await inTenant(db, tenantId, find);
  // The audio first: what fails after it leaves a record that can be deleted again, never audio nobody knows of. By
  // the call's own key too, for a server that was lost before it could say that it had stored something.
  await storage.remove(recordingKeyOf(callId));
  if (recordingKey !== null) await storage.remove(recordingKey);
  await inTenant(db, tenantId, async (transaction) => {
    await queries.lockCall(transaction, callId);
    const { startedAt, durationMs } = await find(transaction);
    await queries.deleteCall(transaction, tenantId, callId);
    const before = { startedAt, durationMs, hadRecording: recordingKey !== null };
    await recordChange(transaction, actor, {
      action: 'call.deleted',
      resource: 'call',
      resourceId: callId,
      before,
    });
  });
}
