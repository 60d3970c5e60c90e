import type { Tenancy, Tx } from '../../tenancy/tenancy.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { CallId } from '../../tenancy/ids/ids.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened, removeStreams } from '../../tenancy/events/events.ts';
import { callEvents } from './call-events.ts';
import { removeCall } from '../conversations/conversations.ts';
import { journalStreamOf } from './journal-stream.ts';
import { deleteCallRows, lockCall } from './call-queries.ts';
import { callTable } from './call-table.ts';
import { recordingKeyOf } from './recordings/recordings.ts';

export interface DeleteCallDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Pick<Storage, 'remove'>;
  /** What the agent's tools have stored of the call: the agent stands above the business. */
  readonly deleteToolCalls: (tx: Tx, callId: CallId) => Promise<void>;
}

/**
 * Deletes a call that is over: its rows, events and audio. An entry in the audit log and its part in the totals are
 * all that remains.
 */
export async function deleteCall(
  { tenancy, storage, deleteToolCalls }: DeleteCallDependencies,
  actor: TenantActor,
  callId: CallId,
): Promise<void> {
  const find = async (tx: Tx) => {
    const call = await callTable.get(tx, callId);
    if (call.status !== 'completed')
      throw new Conflict('This call is still going on; end it first.', { code: 'call-in-progress' });
    return call;
  };
  const { recordingKey } = await tenancy.run(actor, find);
  // The audio is removed first: where the rest fails, the call can be deleted again, and no audio is left without a row.
  // Also under the call's own key, because a server may have stopped between storing the audio and recording that.
  await storage.remove(recordingKeyOf(callId));
  if (recordingKey !== null) await storage.remove(recordingKey);
  await tenancy.run(actor, async (tx) => {
    await lockCall(tx, callId);
    const { startedAt, durationMs } = await find(tx);
    await deleteToolCalls(tx, callId);
    await removeCall(tx, callId);
    await deleteCallRows(tx, callId);
    await removeStreams(tx, [callId, journalStreamOf(callId)]);
    const before = { startedAt, durationMs, hadRecording: recordingKey !== null };
    await happened(tx, actor, callEvents.deleted({ subject: callId, before }));
  });
}
