import type { CallEvent, CallRecord } from '../../../../src/business/record/calls/calls.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import type { CallId, CallSid } from '../../../../src/business/tenancy/ids/ids.ts';

const startedAtMs = Date.UTC(2026, 10, 24, 15, 0, 0);

/** A call as the journal tells it, one record a second. */
export function recordsOf(tenantId: TenantId, callId: CallId, events: readonly CallEvent[]): CallRecord[] {
  return events.map((event, index) => ({
    tenantId,
    callId,
    sequence: index + 1,
    at: new Date(startedAtMs + index * 1_000).toISOString(),
    event,
  }));
}

export function callStarted(from = '+14155550123'): CallEvent {
  return {
    type: 'call-started',
    callSid: `CA${newId('sid').slice(4)}` as CallSid,
    from,
    to: '+15005550100',
    numberId: newId('num'),
    agentId: newId('agt'),
    agentVersionId: newId('agv'),
    direction: 'inbound',
  };
}

export const usage = {
  callSeconds: 61,
  sttSeconds: 60,
  sttVendor: 'deepgram-flux',
  ttsCharacters: 200,
  ttsVendor: 'elevenlabs',
  inputTokens: 3_000,
  cachedTokens: 1_000,
  outputTokens: 100,
  model: 'gpt-6-luna',
} as const;

export const latency = {
  endpointingMs: 310.4,
  requestMs: -120,
  firstTokenMs: 240,
  firstChunkMs: 30,
  firstAudioMs: 80,
  sendMs: undefined,
  totalMs: 242,
  speculative: true,
};

/** Greeting, a question cut into, a booking that succeeds, a goodbye. */
export function aBookingCall(from?: string): CallEvent[] {
  return [
    callStarted(from),
    { type: 'stream-opened', streamSid: 'MZ1', generation: 1 },
    {
      type: 'reply-ended',
      replyId: newId('rpl'),
      turn: 0,
      kind: 'greeting',
      generatedText: 'Harbour Street Bicycles.',
      heardText: 'Harbour Street Bicycles.',
      heardMs: 1_400,
      interrupted: false,
      interruptionCause: undefined,
      startOffsetMs: 40,
      endOffsetMs: 1_440,
      words: [],
      latency: undefined,
    },
    {
      type: 'caller-turn',
      turn: 1,
      text: 'I would like to book a tune',
      source: 'speech',
      startOffsetMs: 2_000.5,
      endOffsetMs: 3_900,
      words: [{ text: 'I', startOffsetMs: 2_000.5, endOffsetMs: 2_100 }],
    },
    { type: 'caller-turn-amended', turn: 1, text: 'I would like to book a tune-up.' },
    {
      type: 'tool-called',
      toolCallId: 't1',
      turn: 1,
      tool: 'book_appointment',
      arguments: { service: 'tune-up' },
      offsetMs: 4_100,
    },
    {
      type: 'tool-ended',
      toolCallId: 't1',
      turn: 1,
      tool: 'book_appointment',
      status: 'ok',
      result: { booking: { reference: 'B-1001' } },
      durationMs: 12.6,
    },
    {
      type: 'reply-ended',
      replyId: newId('rpl'),
      turn: 1,
      kind: 'answer',
      generatedText: 'You are booked for Tuesday at ten.',
      heardText: 'You are booked',
      heardMs: 800,
      interrupted: true,
      interruptionCause: 'barge-in',
      startOffsetMs: 4_300,
      endOffsetMs: 5_100,
      words: [
        { text: 'You', startOffsetMs: 4_300, endOffsetMs: 4_500, heard: true },
        { text: 'Tuesday', startOffsetMs: 5_200, endOffsetMs: 5_500, heard: false },
      ],
      latency,
    },
    {
      type: 'model-used',
      model: 'gpt-6-luna',
      inputTokens: 2_000,
      cachedTokens: 1_000,
      outputTokens: 80,
      estimated: false,
    },
    {
      type: 'model-used',
      model: 'gpt-5.6-luna',
      inputTokens: 1_000,
      cachedTokens: 0,
      outputTokens: 20,
      estimated: true,
    },
    { type: 'fault', kind: 'llm.failover', vendor: 'openai', detail: '429', gapMs: 400 },
    { type: 'recording-stored', key: 'recordings/call.wav', durationMs: 61_000.2, sizeBytes: 1_000 },
    { type: 'call-ended', reason: 'agent-said-goodbye', durationMs: 61_000.4, usage },
  ];
}
