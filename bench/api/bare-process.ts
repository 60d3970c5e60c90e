import { once } from 'node:events';
import { fastify } from 'fastify';
import { pino } from 'pino';
import type { CallRow } from '../../src/business/record/calls/calls.ts';
import { openDatabase } from '../../src/platform/data/db.ts';
import { encodeCursor } from '../../src/platform/data/paging.ts';
import type { BareOptions, BareReady } from './bare-message.ts';

/**
 * The list of calls as a minimal route, for comparison: one indexed query and its response. No credentials, validation,
 * tenants, limits, log or metrics.
 */
type Snake<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : Name;
type StoredCall = { readonly [Column in keyof CallRow as Snake<Column>]: CallRow[Column] };

const LIMIT = 20;
const [options] = (await once(process, 'message')) as [BareOptions];
const phones = new Map(options.callers);
const database = await openDatabase({
  databaseUrl: options.databaseUrl,
  dataDir: options.dataDir,
  logger: pino({ level: 'error' }),
});
const app = fastify();

app.get('/v1/calls', async () => {
  const { rows } = await database.pool.query<StoredCall>(
    `select id, direction, status, from_encrypted, to_phone, number_id, customer_id, conversation_id, agent_id,
      agent_version_id, started_at, answered_at, ended_at, ended_reason, duration_ms, caller_turn_count, reply_count,
      interruption_count, tool_call_count, fault_count, outcome, summary, cost, recording_key
    from call where tenant_id = $1 order by started_at desc, id desc limit $2`,
    [options.tenantId, LIMIT + 1],
  );
  const shown = rows.slice(0, LIMIT);
  const last = shown.at(-1)!;
  return { data: shown.map(present), nextCursor: encodeCursor([last.started_at.getTime(), last.id]) };
});

process.on('disconnect', () => {
  void app
    .close()
    .then(() => database[Symbol.asyncDispose]())
    .finally(() => process.exit());
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ url } satisfies BareReady);

function present(call: StoredCall) {
  return {
    id: call.id,
    direction: call.direction,
    status: call.status,
    // Numbers are looked up by their ciphertext, because decryption is no part of a bare route.
    from: phones.get(call.from_encrypted ?? '') ?? null,
    to: call.to_phone,
    numberId: call.number_id,
    customerId: call.customer_id,
    conversationId: call.conversation_id,
    agentId: call.agent_id,
    agentVersionId: call.agent_version_id,
    startedAt: call.started_at,
    answeredAt: call.answered_at,
    endedAt: call.ended_at,
    endedReason: call.ended_reason,
    durationMs: call.duration_ms,
    callerTurns: call.caller_turn_count,
    replies: call.reply_count,
    interruptions: call.interruption_count,
    toolCalls: call.tool_call_count,
    faults: call.fault_count,
    outcome: call.outcome,
    summary: call.summary,
    cost: call.cost && {
      currency: call.cost.currency,
      speechToTextMicros: call.cost.speechToTextMicros,
      modelMicros: call.cost.modelMicros,
      textToSpeechMicros: call.cost.textToSpeechMicros,
      telephonyMicros: call.cost.telephonyMicros,
      totalMicros: call.cost.totalMicros,
      unpriced: call.cost.unpriced,
    },
    hasRecording: call.recording_key !== null,
  };
}
