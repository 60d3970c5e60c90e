import { NotFound } from '../../../../platform/process/errors.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import type { Tx } from '../../../tenancy/tenancy.ts';
import { callTable } from '../call-table.ts';

export interface StoredRecording {
  /** In the file storage. */
  readonly key: string;
  readonly sizeBytes: number;
}

/** Where the audio of a call is. */
export async function getRecording(tx: Tx, callId: CallId): Promise<StoredRecording> {
  const { recordingKey: key, recordingSizeBytes: sizeBytes } = await callTable.get(tx, callId);
  if (key === null || sizeBytes === null)
    throw new NotFound('This call has no recording.', { code: 'recording-missing' });
  return { key, sizeBytes };
}
