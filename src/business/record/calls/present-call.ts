import type { z } from 'zod';
import type {
  callDetailSchema,
  callPageSchema,
  callSummarySchema,
  latencySchema,
  turnSchema,
} from './call.ts';
import type { CallDetail, CallPage, CallSummary, Turn } from './call-service.ts';

export function presentCall(call: CallSummary): z.output<typeof callSummarySchema> {
  return {
    id: call.id,
    direction: call.direction,
    status: call.status,
    from: call.fromPhone,
    to: call.toPhone,
    numberId: call.numberId,
    customerId: call.customerId,
    conversationId: call.conversationId,
    agentId: call.agentId,
    agentVersionId: call.agentVersionId,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    endedReason: call.endedReason,
    durationMs: call.durationMs,
    callerTurns: call.callerTurnCount,
    replies: call.replyCount,
    interruptions: call.interruptionCount,
    toolCalls: call.toolCallCount,
    faults: call.faultCount,
    outcome: [...(call.outcome ?? [])],
    summary: call.summary,
    cost: call.cost,
    hasRecording: call.recordingKey !== null,
  };
}

export function presentDetail(call: CallDetail): z.output<typeof callDetailSchema> {
  return { ...presentCall(call), usage: call.usage, transcript: call.transcript.map(presentTurn) };
}

export function presentPage(page: CallPage): z.output<typeof callPageSchema> {
  return { data: page.calls.map(presentCall), nextCursor: page.nextCursor };
}

export function presentTurn(row: Turn): z.output<typeof turnSchema> {
  const { sequence, turn, startOffsetMs, endOffsetMs } = row;
  const shared = { sequence, turn, at: row.at, startOffsetMs, endOffsetMs };
  const words = (row.words ?? []).map(({ heard = true, ...timed }) => ({ ...timed, heard }));
  switch (row.kind) {
    case 'caller':
      return { kind: 'caller', ...shared, text: row.text ?? '', source: row.source ?? 'speech', words };
    case 'agent':
      return {
        kind: 'agent',
        ...shared,
        replyKind: row.replyKind ?? 'answer',
        heardText: row.text ?? '',
        generatedText: row.generatedText ?? '',
        heardMs: row.heardMs ?? 0,
        interrupted: row.interrupted,
        interruptionCause: row.interruptionCause,
        words,
        latency: presentLatency(row.latency),
      };
    case 'tool':
      return {
        kind: 'tool',
        ...shared,
        tool: row.tool ?? '',
        arguments: row.arguments,
        status: row.toolStatus,
        result: row.result,
        durationMs: row.durationMs,
      };
    default:
      return row.kind satisfies never;
  }
}

/** A stage that was not passed is absent in the record; here it is null. */
function presentLatency(latency: Turn['latency']): z.output<typeof latencySchema> | null {
  if (latency === null) return null;
  return {
    endpointingMs: latency.endpointingMs ?? null,
    requestMs: latency.requestMs ?? null,
    firstTokenMs: latency.firstTokenMs ?? null,
    firstChunkMs: latency.firstChunkMs ?? null,
    firstAudioMs: latency.firstAudioMs ?? null,
    sendMs: latency.sendMs ?? null,
    totalMs: latency.totalMs ?? null,
    speculative: latency.speculative ?? false,
  };
}
