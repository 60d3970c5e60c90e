import { type CompiledQuery, sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { callOutcomes } from '../../../../src/business/record/calls/call.ts';
import { type CallFilters, selectCalls } from '../../../../src/business/record/calls/call-queries.ts';
import { listCalls } from '../../../../src/business/record/calls/call-service.ts';
import {
  type ConversationFilter,
  selectConversations,
} from '../../../../src/business/record/conversations/conversation-queries.ts';
import { type CustomerSearch, selectCustomers } from '../../../../src/business/customers/customer-queries.ts';
import type { Tx } from '../../../../src/business/tenancy/tenancy.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();
let tenantId: TenantId;

// Enough that reading all of them costs more than any index: what is chosen here is chosen for a million too.
const calls = 12_000;
const start = new Date('2026-01-01T00:00:00Z');

/** Many calls of one tenant: every value that is filtered by is rare, as it is among a million. */
async function fillCalls(owner: TenantId, count: number): Promise<void> {
  await runInTenant(at.db, owner, async (transaction) => {
    await sql`insert into customer (tenant_id, id, phone_index, name_key, last_name_key)
      select ${owner}, 'cus_' || n, ${owner} || n, 'first' || n || ' last' || n, 'last' || n || ' first' || n
      from generate_series(0, 1999) n`.execute(transaction);
    await sql`insert into conversation
        (tenant_id, id, customer_id, channel, status, last_activity_at, created_at, updated_at)
      select ${owner}, 'cnv_' || n, 'cus_' || n, case when n % 200 = 3 then 'sms' else 'voice' end,
        case when n % 200 = 1 then 'dormant' else 'engaged' end, ${start}::timestamptz + n * interval '1 hour',
        now(), now()
      from generate_series(0, 1999) n`.execute(transaction);
    await sql`insert into call (tenant_id, id, call_sid, direction, number_id, agent_id, agent_version_id, to_phone,
        from_index, customer_id, conversation_id, status, started_at, ended_reason, duration_ms,
        outcome, last_sequence)
      select ${owner}, ${owner} || '_' || lpad(n::text, 8, '0'), ${owner} || n, 'inbound', 'num_' || n % 300,
        'agt_' || n % 400, 'agv_1', '+15005550100', 'from_' || n % 500, 'cus_' || n % 500, 'cnv_' || n % 500,
        case when n % 2000 = 7 then 'in_progress' else 'completed' end,
        ${start}::timestamptz + n * interval '1 minute',
        case when n % 300 = 3 then 'max-duration' else 'caller-hung-up' end, n,
        case when n % 300 = 5 then ${JSON.stringify(callOutcomes)}::jsonb else '["none"]'::jsonb end, 1
      from generate_series(1, ${count}::int) n`.execute(transaction);
    await sql`insert into call_text (tenant_id, call_id, started_at, words)
      select tenant_id, id, started_at, array_to_tsvector(array[tenant_id])
        || to_tsvector('simple', 'hello ' || case when right(id, 2) = '42' then 'bicycle' else 'there' end)
      from call`.execute(transaction);
  });
}

/** As the tenant's own work sees it: row-level security decides what an index may be used for. */
async function planOf(build: (tx: Tx) => { compile(): CompiledQuery }): Promise<string> {
  const { rows } = await at.tenancy.run({ tenantId }, (tx) => {
    const query = build(tx).compile();
    return tx.executeQuery<Record<string, string>>({ ...query, sql: `explain ${query.sql}` });
  });
  return rows.flatMap((row) => Object.values(row)).join('\n');
}

function planOfFilters(filters: CallFilters): Promise<string> {
  const after = { startedAt: new Date('2026-01-10T00:00:00Z'), id: 'call_x' };
  return planOf((tx) => selectCalls(tx, filters, { limit: 21, after }));
}

beforeAll(async () => {
  tenantId = await aTenant(at.db);
  await fillCalls(tenantId, calls);
  await fillCalls(await aTenant(at.db), calls / 10);
  for (const table of ['call', 'call_text', 'customer', 'conversation']) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(at.db);
  }
}, 30_000);

describe('looking for customers and conversations among many, behind the tenant wall', () => {
  const later = new Date('2027-01-01');

  it.each<[string, ConversationFilter, RegExp]>([
    ['the latest', {}, /conversation_newest/],
    ['a status', { status: 'dormant' }, /conversation_status/],
    ['a channel', { channel: 'sms' }, /conversation_channel/],
    ['a customer', { customerId: 'cus_7' as never }, /conversation_(customer_id|open)/],
    ['an assignee', { assigneeId: 'mem_7' as never }, /conversation_assignee_id/],
  ])('conversations by %s go by an index', async (_what, filter, index) => {
    const plan = await planOf((tx) =>
      selectConversations(tx, filter)
        .where(sql<boolean>`(conversation.last_activity_at, conversation.id) < (${later}, 'cnv_x')`)
        .orderBy('lastActivityAt', 'desc')
        .orderBy('id', 'desc')
        .limit(21),
    );
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  it.each<[string, CustomerSearch, RegExp]>([
    ['the newest', {}, /customer_pkey/],
    ['a beginning of a name', { nameKey: 'last77' }, /customer_name[^]*customer_last_name/],
    ['their id', { id: 'cus_7' as never }, /customer_pkey/],
  ])('customers by %s go by an index', async (_what, search, index) => {
    const plan = await planOf((tx) =>
      selectCustomers(tx, search)
        .where('customer.id', '<', 'cus_99999' as never)
        .orderBy('customer.id', 'desc')
        .limit(21),
    );
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });
});

describe('looking for calls among many, behind the tenant wall', () => {
  it.each<[string, CallFilters, RegExp]>([
    ['all of them', {}, /call_newest/],
    ['a time', { startedAfter: start, startedBefore: new Date('2026-01-02') }, /call_newest/],
    ['a number', { numberId: 'num_1' as never }, /call_number_id/],
    ['an agent', { agentId: 'agt_1' as never }, /call_agent_id/],
    ['a customer', { customerId: 'cus_1' as never }, /call_customer_id/],
    ['a conversation', { conversationId: 'cnv_1' as never }, /call_conversation_id/],
    ['a caller', { fromIndexes: ['from_1', 'from_2'] }, /call_from_index/],
    ['calls going on', { status: 'in_progress' }, /call_going_on/],
    ['how it ended', { endedReason: 'max-duration' }, /call_ended_reason/],
    ['long calls', { minDurationMs: calls - 20 }, /call_duration/],
    ['short calls', { maxDurationMs: 20 }, /call_duration/],
    ...callOutcomes.map((outcome): [string, CallFilters, RegExp] => [
      `the outcome ${outcome}`,
      { outcome },
      /call_outcome_\w+/,
    ]),
    ['several at once', { numberId: 'num_1' as never, outcome: 'booked', minDurationMs: 5 }, /call_\w+/],
  ])('by %s goes by an index', async (_what, filters, index) => {
    const plan = await planOfFilters(filters);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  it('by words goes by the text index, which the wall would keep any other query from', async () => {
    const { rows } = await sql<{ prosrc: string }>`
      select prosrc from pg_proc where proname = 'find_calls_by_words'`.execute(at.db);
    const values = [`'bicycle'`, ...Array<string>(3).fill('null::timestamptz'), 'null', '2000'];
    const body = rows[0]!.prosrc.replaceAll(
      /\$(\d)/g,
      (_, position: string) => values[Number(position) - 1]!,
    );
    // As the owner, who the function runs as; a tenant's own role is kept from the index by row-level security.
    const { rows: lines } = await at.db.transaction().execute(async (transaction) => {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(transaction);
      return sql<{ 'QUERY PLAN': string }>`explain ${sql.raw(body)}`.execute(transaction);
    });
    expect(lines.map((row) => Object.values(row)[0]).join('\n')).toMatch(/call_text_words/);
    const { calls: found } = await at.tenancy.run({ tenantId }, (tx) =>
      listCalls(tx, { q: 'bicycle', limit: 100 }),
    );
    expect(found).toHaveLength(100);
    expect(found.every(({ id }) => id.startsWith(tenantId) && id.endsWith('42'))).toBe(true);
  });

  it('pages through more matches than one search looks at, each once, other filters kept', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await at.tenancy.run({ tenantId }, (tx) =>
        listCalls(tx, {
          q: 'hello',
          endedReason: 'max-duration',
          limit: 100,
          cursor,
        }),
      );
      seen.push(...page.calls.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      pages += 1;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(calls / 300);
    expect(new Set(seen).size).toBe(seen.length);
    expect(pages).toBeGreaterThan(4);
  });
});
