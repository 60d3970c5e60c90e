import type { CallId } from '../../../tenancy/references/ids.ts';

/** Where a call's audio is kept. */
export function recordingKeyOf(callId: CallId): string {
  return `recordings/${callId}.wav`;
}
