import { sql } from 'kysely';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CallEvent, finishCallJob, ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { journalStreamOf } from '../../../../src/business/record/calls/journal-stream.ts';
import { listPrices } from '../../../../src/vendors/prices.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import type { CallId } from '../../../../src/business/tenancy/ids/ids.ts';
import { MemoryStorage } from '../../../support/memory-storage.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import { aBookingCall, callStarted, recordsOf, usage } from './a-call.ts';
import { jobContext } from '../../../../src/jobs/job.ts';

const storage = new MemoryStorage();
const at = useRestApp({ storage, config: { publicUrl: 'https://phone.example' } });
const logger = pino({ level: 'silent' });
let owner: MemberCaller;

beforeAll(async () => {
  owner = await at.app.signUp();
});

async function get(url: string, more: object = {}, caller: MemberCaller = owner) {
  return at.app.inject({ url, headers: { ...caller.headers, ...more } });
}

interface MadeCall {
  readonly events?: readonly CallEvent[];
  readonly startedAt?: string;
  readonly tenantId?: TenantId;
}

/** A finished call, an hour after the one before unless said otherwise. */
async function aCall({ events = aBookingCall(), startedAt, tenantId = owner.tenantId }: MadeCall = {}) {
  const callId = newId('call');
  const shiftMs = startedAt === undefined ? 0 : Date.parse(startedAt) - Date.parse('2026-11-24T15:00:00Z');
  const own = events.map((event) =>
    event.type === 'recording-stored' ? { ...event, key: `recordings/${callId}.wav` } : event,
  );
  const records = recordsOf(tenantId, callId, own).map((record) => ({
    ...record,
    at: new Date(Date.parse(record.at) + shiftMs).toISOString(),
  }));
  storage.objects.set(`recordings/${callId}.wav`, Buffer.from('0123456789'));
  await ingestRecords(at.app.tenancy, records);
  await finishCallJob({ tenancy: at.app.tenancy, prices: listPrices }).run(
    { tenantId, callId },
    jobContext({ logger }),
  );
  return { callId, started: events[0] as Extract<CallEvent, { type: 'call-started' }>, records };
}

function said(text: string, from?: string): CallEvent[] {
  return [
    callStarted(from),
    { type: 'stream-opened', streamSid: 'MZ1', generation: 1 },
    { type: 'caller-turn', turn: 1, text, source: 'speech', startOffsetMs: 0, endOffsetMs: 9, words: [] },
    { type: 'call-ended', reason: 'silence', durationMs: 30_000, usage },
  ];
}

describe('the filters of GET /v1/calls', () => {
  it('narrow by each of what a call is, and together', async () => {
    const tenant = await at.app.signUp();
    const { tenantId } = tenant;
    const booked = await aCall({ tenantId, startedAt: '2026-11-20T10:00:00Z' });
    const asked = await aCall({
      tenantId,
      startedAt: '2026-11-21T10:00:00Z',
      events: said('Do you sell bells, or horns?', '+442079460018'),
    });
    const going = await aCall({
      tenantId,
      startedAt: '2026-11-22T10:00:00Z',
      events: [callStarted('anonymous')],
    });
    const list = async (query: string) => {
      const response = await get(`/v1/calls?${query}`, {}, tenant);
      expect([query, response.statusCode]).toEqual([query, 200]);
      return response.json().data.map(({ id }: { id: string }) => id);
    };
    const { customerId } = (await get(`/v1/calls/${asked.callId}`, {}, tenant)).json();
    for (const [query, expected] of [
      ['', [going, asked, booked]],
      ['startedAfter=2026-11-21T10:00:00Z', [going, asked]],
      ['startedBefore=2026-11-21T11:00:00%2B01:00', [booked]],
      [`numberId=${asked.started.numberId}`, [asked]],
      [`agentId=${booked.started.agentId}`, [booked]],
      [`customerId=${customerId}`, [asked]],
      ['from=%2B44 20 7946 0018', [asked]],
      ['from=%2B44 20 7946', []],
      ['from=anonymous', []],
      ['status=in_progress', [going]],
      ['outcome=booked', [booked]],
      ['outcome=answered-question', [asked]],
      ['endedReason=silence', [asked]],
      ['minDurationMs=30001', [booked]],
      ['maxDurationMs=30000', [asked]],
      ['q=horns bells', [asked]],
      ['q="horns bells"', []],
      ['q=bells -horns', []],
      ['q=bells or tuesday or booked', [asked, booked]],
      [`q=${tenantId}`, []],
      ['q=!!!', []],
      ["q=it's ' | & :*", []],
      ['q=bells&endedReason=silence&minDurationMs=1', [asked]],
      ['q=bells&outcome=booked', []],
    ] as const) {
      expect([query, await list(query)]).toEqual([query, expected.map(({ callId }) => callId)]);
    }
    expect((await get('/v1/calls/recent?limit=2', {}, tenant)).json().data).toMatchObject([
      { id: going.callId },
      { id: asked.callId },
    ]);
  });

  it('never find what was said to somebody else', async () => {
    const theirs = await at.app.signUp();
    await aCall({ tenantId: theirs.tenantId, events: said('The password is swordfish.') });
    for (const q of ['swordfish', `swordfish ${theirs.tenantId}`, `"${theirs.tenantId}"`]) {
      expect((await get(`/v1/calls?q=${encodeURIComponent(q)}`)).json().data).toEqual([]);
    }
  });

  it.each(['outcome=x', 'numberId=agt_1', 'startedAfter=yesterday', 'minDurationMs=-1', 'q='])(
    'refuse nonsense: %s',
    async (query) => {
      expect((await get(`/v1/calls?${query}`)).statusCode).toBe(400);
    },
  );

  it('keep their place through pages of calls that began in the same moment', async () => {
    const tenant = await at.app.signUp();
    const made: CallId[] = [];
    for (let count = 0; count < 5; count += 1) {
      made.push((await aCall({ tenantId: tenant.tenantId, events: said('hello') })).callId);
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await get(`/v1/calls?q=hello&endedReason=silence&limit=2${query}`, {}, tenant);
      const page: { data: { id: string }[]; nextCursor: string | null } = response.json();
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made.toSorted().toReversed());
  });
});

describe('what is read of one call', () => {
  it('is its transcript, as data or as text', async () => {
    const { callId } = await aCall();
    const url = `/v1/calls/${callId}/transcript`;
    expect((await get(url)).json()).toMatchObject({
      callId,
      turns: [
        { kind: 'agent', replyKind: 'greeting' },
        { kind: 'caller', words: [{ text: 'I', startOffsetMs: 2_000.5 }] },
        { kind: 'tool', tool: 'book_appointment' },
        { kind: 'agent', heardText: 'You are booked' },
      ],
    });
    const text = await get(url, { accept: 'text/plain' });
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.body).toBe(
      [
        '[00:00] Agent: Harbour Street Bicycles.',
        '[00:02] Caller: I would like to book a tune-up.',
        '[00:04] (book_appointment: ok)',
        '[00:04] Agent: You are booked –',
        '',
      ].join('\n'),
    );
  });

  it('is its events, in order, page by page, with the number that is encrypted where it is kept', async () => {
    const { callId, records } = await aCall();
    const seen: { sequence: number; type: string; data: Record<string, unknown> }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await get(`/v1/calls/${callId}/events?limit=5${query}`);
      const page: { data: typeof seen; nextCursor: string | null } = response.json();
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ type }) => type)).toEqual(records.map(({ event }) => event.type));
    expect(seen[0]!.data['from']).toBe('+14155550123');
    const stored = await runInTenant(at.app.db, owner.tenantId, (transaction) =>
      sql`select data from event_record where stream in (${callId}, ${journalStreamOf(callId)})
          union all select to_jsonb(call) from call where id = ${callId}`.execute(transaction),
    );
    expect(JSON.stringify(stored.rows)).not.toContain('4155550123');
  });

  it('of another tenant is not found, whatever is asked, and viewers delete nothing', async () => {
    const { callId } = await aCall();
    const stranger = await at.app.signUp();
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    for (const [method, suffix] of [
      ['GET', '/transcript'],
      ['GET', '/events'],
      ['GET', '/recording'],
      ['POST', '/recording/link'],
      ['DELETE', ''],
    ] as const) {
      const url = `/v1/calls/${callId}${suffix}`;
      const asked = await at.app.inject({ method, url, headers: stranger.headers });
      expect([suffix, asked.statusCode]).toEqual([suffix, 404]);
    }
    const { headers } = viewer;
    expect((await at.app.inject({ method: 'DELETE', url: `/v1/calls/${callId}`, headers })).statusCode).toBe(
      403,
    );
  });
});

describe('a link to a recording', () => {
  const make = async (callId: CallId, payload?: object) =>
    at.app.inject({
      method: 'POST',
      url: `/v1/calls/${callId}/recording/link`,
      headers: owner.headers,
      ...(payload === undefined ? {} : { payload }),
    });

  it('plays without a credential, also in parts and on other pages, until it expires', async () => {
    const { callId } = await aCall({
      events: aBookingCall().map((event) =>
        event.type === 'recording-stored' ? { ...event, sizeBytes: 10 } : event,
      ),
    });
    const link = await make(callId, { expiresInSeconds: 60 });
    expect(link.statusCode).toBe(201);
    const { url, expiresAt } = link.json();
    expect(Date.parse(expiresAt) - at.app.clock.date().getTime()).toBe(60_000);
    expect(url).toMatch(/^https:\/\/phone\.example\/v1\/recordings\?token=/);
    const { pathname, search } = new URL(url);
    const address = `${pathname}${search}`;
    const whole = await at.app.inject({ url: address });
    expect([whole.statusCode, whole.body, whole.headers['cross-origin-resource-policy']]).toEqual([
      200,
      '0123456789',
      'cross-origin',
    ]);
    const part = await at.app.inject({ url: address, headers: { range: 'bytes=2-4' } });
    expect([part.statusCode, part.body]).toEqual([206, '234']);
    at.app.clock.advance(60_000);
    expect((await at.app.inject({ url: address })).statusCode).toBe(404);
  });

  it('cannot be made up, changed or taken from another token of ours', async () => {
    const { callId } = await aCall();
    const { searchParams } = new URL((await make(callId)).json().url);
    const [content, signature] = searchParams.get('token')!.split('.') as [string, string];
    const other = Buffer.from(JSON.stringify([owner.tenantId, newId('call'), 9e15])).toString('base64url');
    const forged = [
      `${other}.${signature}`,
      `${content}.${signature.slice(1)}`,
      content,
      `${content}.`,
      'x.y',
    ];
    const sessionToken = owner.headers.authorization.slice('Bearer '.length);
    for (const token of [...forged, `${content}.${signature}.x`, sessionToken]) {
      expect((await at.app.inject({ url: `/v1/recordings?token=${token}` })).statusCode).toBe(404);
    }
  });

  it('is made for what there is, and for a day at most', async () => {
    const { callId } = await aCall({ events: said('hello') });
    expect((await make(callId)).statusCode).toBe(404);
    const recorded = await aCall();
    expect((await make(recorded.callId, { expiresInSeconds: 86_401 })).statusCode).toBe(400);
  });
});

describe('deleting a call', () => {
  const remove = async (callId: CallId) =>
    at.app.inject({ method: 'DELETE', url: `/v1/calls/${callId}`, headers: owner.headers });

  it('takes its rows, events and audio, and leaves an entry in the audit log', async () => {
    const { callId, records } = await aCall();
    expect((await remove(callId)).statusCode).toBe(204);
    for (const suffix of ['', '/transcript', '/events', '/recording']) {
      expect((await get(`/v1/calls/${callId}${suffix}`)).statusCode).toBe(404);
    }
    expect(storage.objects.has(`recordings/${callId}.wav`)).toBe(false);
    const left = await runInTenant(at.app.db, owner.tenantId, async (transaction) => {
      const { rows } = await sql<{ table: string; rows: number }>`
        select 'call_turn' as table, count(*)::int as rows from call_turn where call_id = ${callId}
        union all select 'call_text', count(*)::int from call_text where call_id = ${callId}
        union all select 'event_record', count(*)::int from event_record
          where stream in (${callId}, ${journalStreamOf(callId)})
        union all select 'conversation_message', count(*)::int from conversation_message where call_id = ${callId}
        union all select 'deleted_call', count(*)::int from deleted_call where id = ${callId}
        union all select 'audit_entry', count(*)::int from audit_entry
          where resource_id = ${callId} and action = 'call.deleted'`.execute(transaction);
      return Object.fromEntries(rows.map((row) => [row.table, row.rows]));
    });
    expect(left).toEqual({
      call_turn: 0,
      call_text: 0,
      // That it was deleted.
      event_record: 1,
      conversation_message: 0,
      deleted_call: 1,
      audit_entry: 1,
    });
    // Records that were still on their way do not bring it back, nor does the promised end of its record.
    await ingestRecords(at.app.tenancy, records);
    await finishCallJob({ tenancy: at.app.tenancy, prices: listPrices }).run(
      { tenantId: owner.tenantId, callId },
      jobContext({ logger }),
    );
    expect((await get(`/v1/calls/${callId}`)).statusCode).toBe(404);
    expect((await remove(callId)).statusCode).toBe(404);
  });

  it('is refused while the call goes on', async () => {
    const { callId } = await aCall({ events: [callStarted()] });
    expect((await remove(callId)).statusCode).toBe(409);
  });

  it('leaves the call its part in the figures, and no function open to anybody without a tenant', async () => {
    const tenant = await at.app.signUp();
    const { callId } = await aCall({ tenantId: tenant.tenantId });
    const figures = async () =>
      (
        await get(
          '/v1/calls/stats?startedAfter=2026-11-01T00:00:00Z&startedBefore=2026-12-01T00:00:00Z',
          {},
          tenant,
        )
      ).json().total;
    const before = await figures();
    await at.app.inject({ method: 'DELETE', url: `/v1/calls/${callId}`, headers: tenant.headers });
    const { calls, answered, minutes, costMicros } = before;
    expect(calls).toBe(1);
    expect(await figures()).toMatchObject({ calls, answered, minutes, costMicros });
    const foreign = await aCall();
    await runInTenant(at.app.db, tenant.tenantId, (transaction) =>
      sql`select forget_events(array[${foreign.callId}]), forget_event_details(array[${foreign.callId}])`.execute(
        transaction,
      ),
    );
    expect((await get(`/v1/calls/${foreign.callId}/events?limit=100`)).json().data).toHaveLength(
      foreign.records.length,
    );
  });
});

describe('GET /v1/calls/stats', () => {
  it('counts calls by the day of the business, number and agent, with outcomes and latency', async () => {
    const tenant = await at.app.signUp();
    const { tenantId } = tenant;
    // New York is five hours behind: the first is still the evening of the 19th there.
    const late = await aCall({ tenantId, startedAt: '2026-11-20T04:30:00Z' });
    await aCall({ tenantId, startedAt: '2026-11-22T12:00:00Z' });
    await aCall({ tenantId, startedAt: '2026-11-22T13:00:00Z', events: said('hello') });
    await aCall({ tenantId, startedAt: '2026-12-22T13:00:00Z' });
    const range = 'startedAfter=2026-11-19T05:00:00Z&startedBefore=2026-11-23T05:00:00Z';
    const stats = async (groupBy: string) =>
      (await get(`/v1/calls/stats?${range}${groupBy}`, {}, tenant)).json();
    const byDay = await stats('&groupBy=day');
    expect(byDay.timeZone).toBe('America/New_York');
    expect(byDay.groups.map(({ key, calls }: { key: string; calls: number }) => [key, calls])).toEqual([
      ['2026-11-19', 1],
      ['2026-11-20', 0],
      ['2026-11-21', 0],
      ['2026-11-22', 2],
    ]);
    expect(byDay.total).toMatchObject({
      calls: 3,
      answered: 3,
      completed: 3,
      minutes: 2.53,
      averageDurationMs: Math.round((61_000 * 2 + 30_000) / 3),
      outcomes: { booked: 2, 'answered-question': 1 },
      latency: { endpointingMs: { turns: 2, p50Ms: 310, p95Ms: 310 }, totalMs: { p50Ms: 242 }, sendMs: null },
    });
    expect(byDay.total.costMicros).toBeGreaterThan(85_000);
    const byNumber = await stats('&groupBy=number');
    expect(byNumber.groups).toHaveLength(3);
    expect(byNumber.groups.map(({ key }: { key: string }) => key)).toContain(late.started.numberId);
    expect((await stats('&groupBy=agent')).groups).toHaveLength(3);
    expect((await stats('')).groups).toEqual([]);
  });

  it('is asked for a quarter at most, forwards', async () => {
    for (const range of [
      'startedAfter=2026-01-01T00:00:00Z&startedBefore=2026-04-04T00:00:00Z',
      'startedAfter=2026-01-02T00:00:00Z&startedBefore=2026-01-01T00:00:00Z',
    ]) {
      expect((await get(`/v1/calls/stats?${range}`)).statusCode).toBe(400);
    }
    expect((await get('/v1/calls/stats')).statusCode).toBe(200);
  });
});
