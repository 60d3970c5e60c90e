import type { CallId } from '../../platform/ids.ts';

/** Where a call's audio is kept. */
export function recordingKeyOf(callId: CallId): string {
  return `recordings/${callId}.wav`;
}
