import { openRecords } from '../../src/app/records.ts';
import { findTenantBySlug } from '../../src/business/tenancy/tenants/tenants.ts';
import { sql } from 'kysely';
import { pino } from 'pino';
import { demoBusiness } from '../../db/seed/demo-business.ts';
import { findAgentBySlug } from '../../src/business/line/agents/agents.ts';
import { createOperatorKey } from '../../src/business/identity/api-keys/api-keys.ts';
import { systemActor } from '../../src/business/tenancy/actor/actor.ts';
import { callerColumns } from '../../src/business/record/calls/calls.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { listActiveNumbers } from '../../src/business/line/numbers/numbers.ts';
import type { Tenancy } from '../../src/business/tenancy/tenancy.ts';
import type { Db } from '../../src/platform/data/db.ts';
import { runInTenant } from '../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import type { CallId } from '../../src/business/tenancy/ids/ids.ts';

const CALLERS = 200;
/** Calls per statement, well within the statement timeout. */
const CALLS_AT_ONCE = 5_000;
const CALL_EVERY_MS = 60_000;
/** Age of the newest call, so that live calls come before all of them. */
const NEWEST_AGE_MS = 3_600_000;
const SAMPLED_CALLS = 500;

export interface FilledDatabase {
  readonly tenantId: TenantId;
  readonly apiKey: string;
  /** Ids of calls spread over the whole period, with a transcript. */
  readonly sampledCallIds: readonly CallId[];
  /** The stored form of each caller's number, with the number. */
  readonly callers: readonly (readonly [stored: string, phone: string])[];
}

interface Caller {
  readonly phone: string;
  readonly customerId: string;
  readonly fromEncrypted: string;
  readonly fromIndex: string | null;
}

interface Line {
  readonly number: string;
  readonly numberId: string;
  readonly agentId: string;
  readonly agentVersionId: string;
}

/** Inserts calls with their transcripts for the existing demo business. */
export async function fillDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
  calls: number,
): Promise<FilledDatabase> {
  const config = { databaseUrl, dataDir, encryptionKeys: [] };
  await using records = await openRecords({ config, logger: pino({ level: 'error' }) });
  const { tenancy } = records;
  const { db } = records.database;
  const tenant = await tenancy.system((tx) => findTenantBySlug(tx, demoBusiness.slug));
  if (tenant === undefined) throw new Error('The demo business is not there.');
  const line = await findLine(tenancy, tenant.id);
  const callers = await makeCallers(tenancy, tenant.id);
  const newestAtMs = Date.now() - NEWEST_AGE_MS;
  const callIds: CallId[] = [];
  for (let from = 0; from < calls; from += CALLS_AT_ONCE) {
    const ids = Array.from({ length: Math.min(CALLS_AT_ONCE, calls - from) }, () => newId('call'));
    await runInTenant(db, tenant.id, async (transaction) => {
      const newestAt = new Date(newestAtMs - from * CALL_EVERY_MS);
      await insertCalls(transaction, { tenantId: tenant.id, line, callers, ids, newestAt });
      await insertTurns(transaction, tenant.id, ids);
    });
    callIds.push(...ids);
  }
  await sql`analyze`.execute(db);
  const actor = systemActor(tenant.id, 'bench');
  const { key } = await tenancy.run(actor, (tx) => createOperatorKey(tx, actor, { name: 'Benchmark' }));
  const step = Math.floor(calls / SAMPLED_CALLS) || 1;
  return {
    tenantId: tenant.id,
    apiKey: key,
    sampledCallIds: callIds.filter((_, i) => i % step === 0),
    callers: callers.map(({ fromEncrypted, phone }) => [fromEncrypted, phone]),
  };
}

async function findLine(tenancy: Tenancy, tenantId: TenantId): Promise<Line> {
  const agent = await tenancy.run({ tenantId }, (tx) => findAgentBySlug(tx, 'front-desk'));
  const numbers = await tenancy.run({ tenantId }, listActiveNumbers);
  const found = numbers.find(({ phoneNumber }) => phoneNumber === demoBusiness.number);
  if (agent?.publishedVersionId == null || found === undefined) throw new Error('The line is not there.');
  const { id: agentId, publishedVersionId: agentVersionId } = agent;
  return { number: found.phoneNumber, numberId: found.id, agentId, agentVersionId };
}

function makeCallers(tenancy: Tenancy, tenantId: TenantId): Promise<readonly Caller[]> {
  return tenancy.run({ tenantId }, async (tx) => {
    const callers: Caller[] = [];
    for (let i = 0; i < CALLERS; i += 1) {
      const phone = `+1415555${1_000 + i}`;
      const { id: customerId } = await findOrCreateCustomerByPhone(tx, { phone });
      callers.push({ phone, customerId, ...callerColumns(tx.cipher, phone) });
    }
    return callers;
  });
}

/** Inserts the rows of completed calls, which differ in ids and time only. */
async function insertCalls(
  db: Db,
  batch: {
    readonly tenantId: TenantId;
    readonly line: Line;
    readonly callers: readonly Caller[];
    readonly ids: readonly CallId[];
    readonly newestAt: Date;
  },
): Promise<void> {
  const { tenantId, line, callers, ids, newestAt } = batch;
  const columnOf = (name: Exclude<keyof Caller, 'phone'>) =>
    sql`${callers.map((caller) => caller[name])}::text[]`;
  const cost = {
    currency: 'USD',
    speechToTextMicros: 9_240,
    modelMicros: 1_830,
    textToSpeechMicros: 21_400,
    telephonyMicros: 10_200,
    totalMicros: 42_670,
    unpriced: [],
  };
  await sql`
    insert into call (tenant_id, id, call_sid, direction, number_id, agent_id, agent_version_id, from_encrypted,
      from_index, to_phone, customer_id, status, started_at, answered_at, ended_at, ended_reason, duration_ms,
      caller_turn_count, reply_count, interruption_count, tool_call_count, cost, outcome, summary, last_sequence,
      finished_at)
    select ${tenantId}, made.id, 'CA' || md5(made.id), 'inbound', ${line.numberId}, ${line.agentId},
      ${line.agentVersionId}, from_encrypted, from_index, ${line.number}, customer_id, 'completed', started_at,
      started_at + interval '400 milliseconds', started_at + duration_ms * interval '1 millisecond',
      case made.position % 5 when 0 then 'agent-said-goodbye' else 'caller-hung-up' end, duration_ms,
      3, 4, made.position % 2, made.position % 3, ${JSON.stringify(cost)}::jsonb,
      case made.position % 3 when 0 then '["answered-question"]' when 1 then '["booked"]' else '["ticket-opened"]' end::jsonb,
      'Asked about opening hours and prices, and was told both.', 60, started_at + interval '5 minutes'
    from unnest(${ids}::text[]) with ordinality as made (id, position)
    cross join lateral (
      select ${newestAt}::timestamptz - made.position * ${CALL_EVERY_MS}::integer * interval '1 millisecond' as started_at,
        (20000 + made.position % 180 * 1000)::integer as duration_ms
    ) as times
    join unnest(${columnOf('customerId')}, ${columnOf('fromEncrypted')}, ${columnOf('fromIndex')})
      with ordinality as caller (customer_id, from_encrypted, from_index, place)
      on caller.place = made.position % ${callers.length} + 1`.execute(db);
}

/** Six turns: three questions, each with its answer, with the time of every word. */
async function insertTurns(db: Db, tenantId: TenantId, callIds: readonly CallId[]): Promise<void> {
  const asked = 'Could you tell me whether you are open on Saturday and what a tune-up costs?';
  const answered = 'On Saturdays we are open from ten to four, and a tune-up costs eighty five dollars.';
  const latency = {
    endpointingMs: 420,
    requestMs: 2,
    firstTokenMs: 310,
    firstChunkMs: 90,
    firstAudioMs: 140,
    sendMs: 1,
    totalMs: 543,
    speculative: false,
  };
  await sql`
    insert into call_turn (tenant_id, call_id, sequence, kind, turn, start_offset_ms, end_offset_ms, at, text, source,
      words, reply_id, reply_kind, generated_text, heard_ms, latency)
    select ${tenantId}, made.id, half * 5, case half % 2 when 1 then 'caller' else 'agent' end, (half + 1) / 2,
      half * 4000, half * 4000 + 3500, now(), case half % 2 when 1 then ${asked} else ${answered} end,
      case half % 2 when 1 then 'speech' end,
      case half % 2 when 1 then ${JSON.stringify(timed(asked))} else ${JSON.stringify(timed(answered))} end::jsonb,
      case half % 2 when 0 then 'rpl_' || substr(made.id, 6) end, case half % 2 when 0 then 'answer' end,
      case half % 2 when 0 then ${answered} end, case half % 2 when 0 then 3500 end,
      case half % 2 when 0 then ${JSON.stringify(latency)} end::jsonb
    from unnest(${callIds}::text[]) as made (id) cross join generate_series(1, 6) as half`.execute(db);
}

function timed(text: string) {
  return text
    .split(' ')
    .map((word, i) => ({ text: word, startOffsetMs: i * 200, endOffsetMs: i * 200 + 180 }));
}
