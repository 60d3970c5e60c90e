import type { CallId } from '../../../tenancy/ids/ids.ts';

/** The key of a call's audio in the file storage. */
export function recordingKeyOf(callId: CallId): string {
  return `recordings/${callId}.wav`;
}
