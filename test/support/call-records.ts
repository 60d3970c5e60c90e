import { randomBytes } from 'node:crypto';
import type { CallEvent, CallRecord, CallUsage } from '../../src/business/record/calls/calls.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import type { CallId, CallSid } from '../../src/business/tenancy/ids/ids.ts';

const noUsage: CallUsage = {
  callSeconds: 2,
  sttSeconds: 2,
  sttVendor: 'ears',
  ttsCharacters: 0,
  ttsVendor: 'mouth',
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  model: '',
};

export function callStarted(): CallEvent {
  return {
    type: 'call-started',
    callSid: `CA${randomBytes(16).toString('hex')}` as CallSid,
    from: '+15005550199',
    to: '+15005550100',
    numberId: newId('num'),
    agentId: newId('agt'),
    agentVersionId: newId('agv'),
    direction: 'inbound',
    services: { sttVendor: 'ears', ttsVendor: 'mouth' },
  };
}

export function digitPressed(offsetMs: number): CallEvent {
  return { type: 'digit-pressed', digit: '1', offsetMs };
}

export const callEnded: CallEvent = {
  type: 'call-ended',
  reason: 'caller-hung-up',
  durationMs: 2_000,
  usage: noUsage,
};

export function recordOf(callId: CallId, tenantId: TenantId, sequence: number, event: CallEvent): CallRecord {
  return { callId, tenantId, sequence, at: '2026-03-01T10:00:00.000Z', event };
}
