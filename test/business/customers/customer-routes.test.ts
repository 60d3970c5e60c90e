import { sql } from 'kysely';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { finishCallJob, ingestRecords } from '../../../src/business/record/calls/calls.ts';
import { listPrices } from '../../../src/vendors/prices.ts';
import { appendMessage, openConversation } from '../../../src/business/record/conversations/conversations.ts';
import { customerHoldings } from '../../../src/app/customer-holdings.ts';
import { findCustomerByPhone } from '../../../src/business/customers/customers.ts';
import { runInTenant } from '../../../src/platform/data/tx.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import type { CallId, CustomerId } from '../../../src/business/tenancy/ids/ids.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { type MemberCaller, useRestApp } from '../../support/rest-app.ts';
import { aMessage, aPhone, asAgent, aTicket } from '../a-business.ts';
import { aBookingCall, callStarted, recordsOf } from '../record/calls/a-call.ts';
import { jobContext } from '../../../src/jobs/job.ts';

const storage = new MemoryStorage();
const at = useRestApp({ storage });
const logger = pino({ level: 'silent' });
let owner: MemberCaller;

beforeAll(async () => {
  owner = await at.app.signUp();
});

async function request(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, more: object = {}) {
  const headers = { ...owner.headers, ...more };
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function create(details: object): Promise<{ id: CustomerId } & Record<string, unknown>> {
  const response = await request('POST', '/v1/customers', details);
  expect(response.statusCode).toBe(201);
  return response.json();
}

async function aCallFrom(phone: string): Promise<CallId> {
  const callId = newId('call');
  const events = aBookingCall(phone).map((event) =>
    event.type === 'recording-stored' ? { ...event, key: `recordings/${callId}.wav` } : event,
  );
  storage.objects.set(`recordings/${callId}.wav`, Buffer.from('audio'));
  await ingestRecords(at.app.tenancy, recordsOf(owner.tenantId, callId, events));
  await finishCallJob({ tenancy: at.app.tenancy, prices: listPrices }).run(
    { tenantId: owner.tenantId, callId },
    jobContext({ logger }),
  );
  return callId;
}

describe('customers over REST', () => {
  it('are put on record, found by whole number, whole address and the beginning of a name, and changed', async () => {
    const phone = aPhone();
    const made = await create({ name: 'Ána  Lindgren-Ruiz', phone, email: 'Ana@Example.com' });
    expect(made).toMatchObject({ phone, email: 'ana@example.com', otherPhones: [] });
    const finds = async (query: string) =>
      (await request('GET', `/v1/customers?${query}`)).json().data.map(({ id }: { id: string }) => id);
    for (const query of [
      `phone=${encodeURIComponent(phone)}`,
      'email=ANA@example.com',
      'q=ana',
      'q=lindgr',
      'q=lindgren%20ruiz',
      `q=ana&phone=${encodeURIComponent(phone)}`,
    ]) {
      expect([query, await finds(query)]).toEqual([query, [made.id]]);
    }
    expect(await finds(`phone=${encodeURIComponent(phone.slice(0, -1))}`)).toEqual([]);
    expect(await finds('q=!')).toEqual([]);
    const changed = await request('PATCH', `/v1/customers/${made.id}`, { address: '1 Quay', email: null });
    expect(changed.json()).toMatchObject({ address: '1 Quay', email: null, name: 'Ána  Lindgren-Ruiz' });
  });

  it('keep number, e-mail and address encrypted, and out of the audit log', async () => {
    const phone = aPhone();
    const { id } = await create({
      name: 'Secretive Sam',
      phone,
      email: 'sam@example.com',
      address: '9 Cove',
    });
    await request('PATCH', `/v1/customers/${id}`, { address: '10 Cove' });
    const stored = await runInTenant(at.app.db, owner.tenantId, async (transaction) => {
      const { rows: customers } = await sql`select * from customer where id = ${id}`.execute(transaction);
      const { rows: audit } = await sql<{ action: string }>`
        select * from audit_entry where resource_id = ${id} order by id`.execute(transaction);
      return { customers, audit };
    });
    expect(stored.audit.map(({ action }) => action)).toEqual(['customer.created', 'customer.changed']);
    for (const text of [phone, 'sam@example.com', '9 Cove', '10 Cove']) {
      expect(JSON.stringify(stored)).not.toContain(text);
    }
    expect(JSON.stringify(stored.audit)).not.toContain('Sam');
  });

  it('have a number and an address each to themselves', async () => {
    const phone = aPhone();
    const { id } = await create({ phone, email: 'first@example.com' });
    for (const taken of [{ phone }, { email: 'FIRST@example.com' }]) {
      const response = await request('POST', '/v1/customers', { name: 'Second', ...taken });
      expect([response.statusCode, response.json()]).toMatchObject([409, { customerId: id }]);
    }
    const other = await create({ name: 'Second' });
    expect((await request('PATCH', `/v1/customers/${other.id}`, { phone })).statusCode).toBe(409);
    for (const wrong of [{}, { phone: '12' }, { email: 'x' }, { name: 'x', age: 3 }]) {
      expect((await request('POST', '/v1/customers', wrong)).statusCode).toBe(400);
    }
  });

  it('are created once with one Idempotency-Key, and not changed over somebody else’s change', async () => {
    const headers = { 'idempotency-key': newId('key') };
    const body = { name: 'Once', phone: aPhone() };
    const first = await request('POST', '/v1/customers', body, headers);
    const again = await request('POST', '/v1/customers', body, headers);
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    const url = `/v1/customers/${first.json().id}`;
    const stale = { 'if-match': (await request('GET', url)).headers.etag! };
    expect((await request('PATCH', url, { name: 'Twice' }, stale)).statusCode).toBe(200);
    expect((await request('PATCH', url, { name: 'Thrice' }, stale)).statusCode).toBe(412);
  });

  it('are listed page by page, each once', async () => {
    const made = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await create({ name: `Zed ${count}` })).id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await request('GET', `/v1/customers?q=zed&limit=2${query}`);
      const page: { data: { id: string }[]; nextCursor: string | null } = response.json();
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made);
  });

  it('of another tenant are not found, whatever is asked', async () => {
    const { id } = await create({ name: 'Ours' });
    const stranger = await at.app.signUp();
    for (const [method, suffix, payload] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'Theirs' }],
      ['GET', '/activity', undefined],
      ['GET', '/export', undefined],
      ['POST', '/erase', undefined],
      ['POST', '/merge', { otherId: newId('cus') }],
    ] as const) {
      const url = `/v1/customers/${id}${suffix}`;
      const body = payload === undefined ? {} : { payload };
      const response = await at.app.inject({ method, url, headers: stranger.headers, ...body });
      expect([suffix, response.statusCode]).toEqual([suffix, 404]);
    }
  });

  it('are taken out of the house by administrators alone', async () => {
    const { id } = await create({ name: 'Ours' });
    for (const [role, status] of [
      ['manager', 403],
      ['viewer', 403],
      ['admin', 200],
    ] as const) {
      const { headers } = await at.app.memberWith(role, owner.tenantId);
      const response = await at.app.inject({ url: `/v1/customers/${id}/export`, headers });
      expect([role, response.statusCode]).toEqual([role, status]);
    }
  });
});

/** Somebody who called, wrote, left a message and complained. */
async function aRegular(phone: string) {
  const { tenancy } = at.app;
  const { tenantId } = owner;
  const callId = await aCallFrom(phone);
  const { id: customerId } = (await tenancy.run({ tenantId }, (tx) => findCustomerByPhone(tx, phone)))!;
  const chat = await asAgent(at.app.tenancy, tenantId, (tx, agent) =>
    openConversation(tx, agent, { channel: 'web-chat', customerId }),
  );
  await asAgent(at.app.tenancy, tenantId, (tx, agent) =>
    appendMessage(tx, agent, {
      conversationId: chat.id,
      author: 'customer',
      text: 'I am Zuleika, of 5 Tern Lane',
    }),
  );
  const ticket = await aTicket(at.app.tenancy, tenantId, {
    subject: 'Zuleika is unhappy',
    description: 'Lives at 5 Tern Lane',
    customerId,
  });
  await aMessage(at.app.tenancy, tenantId, { body: 'Call Zuleika', callerPhone: phone, customerId });
  return { phone, callId, customerId, chat, ticket };
}

describe('merging', () => {
  it('moves everything, keeps both numbers leading to the same person, and redirects', async () => {
    const [one, two] = [await aRegular(aPhone()), await aRegular(aPhone())];
    await request('PATCH', `/v1/customers/${two.customerId}`, { name: 'Zuleika', email: 'z@example.com' });
    const merge = () => request('POST', `/v1/customers/${one.customerId}/merge`, { otherId: two.customerId });
    const merged = await merge();
    expect([merged.statusCode, merged.json()]).toMatchObject([
      200,
      {
        id: one.customerId,
        phone: one.phone,
        otherPhones: [two.phone],
        name: 'Zuleika',
        email: 'z@example.com',
      },
    ]);
    const activity = await request('GET', `/v1/customers/${one.customerId}/activity?limit=50`);
    const kinds = activity.json().data.map(({ kind }: { kind: string }) => kind);
    expect(kinds.toSorted()).toEqual(
      ['call', 'conversation', 'conversation', 'message', 'ticket']
        .flatMap((kind) => [kind, kind])
        .toSorted(),
    );
    const moved = await request('GET', `/v1/customers/${two.customerId}`);
    expect([moved.statusCode, moved.headers.location]).toEqual([308, `/v1/customers/${one.customerId}`]);
    expect((await request('PATCH', `/v1/customers/${two.customerId}`, { name: 'x' })).json().detail).toBe(
      `This customer was merged into ${one.customerId}.`,
    );
    expect((await merge()).statusCode).toBe(404);
    // Who calls from the other number is the one who stayed, in the conversation that stayed open.
    const callId = await aCallFrom(two.phone);
    const [called, before] = await Promise.all(
      [callId, one.callId].map(async (id) => (await request('GET', `/v1/calls/${id}`)).json()),
    );
    expect(called).toMatchObject({ customerId: one.customerId, conversationId: before.conversationId });
    const open = await request('GET', `/v1/conversations?customerId=${one.customerId}`);
    const statuses = open.json().data.map(({ status }: { status: string }) => status);
    expect(statuses.filter((status: string) => status === 'closed')).toHaveLength(2);
  });

  it('refuses oneself, strangers and nobody', async () => {
    const { id } = await create({ name: 'Alone' });
    const theirs = await at.app.signUp();
    const foreign = await at.app.inject({
      method: 'POST',
      url: '/v1/customers',
      headers: theirs.headers,
      payload: { name: 'Theirs' },
    });
    for (const [otherId, status] of [
      [id, 400],
      [newId('cus'), 404],
      [foreign.json().id, 404],
    ] as const) {
      const response = await request('POST', `/v1/customers/${id}/merge`, { otherId });
      expect(response.statusCode).toBe(status);
    }
  });

  it('knows every table that names a customer', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'customer_id' order by 1`.execute(at.app.db);
    const known = customerHoldings.flatMap(({ table }) => table ?? []);
    expect(rows.map(({ name }) => name)).toEqual(known.toSorted());
  });
});

describe('activity', () => {
  it('comes newest first, page by page, each once', async () => {
    const { customerId } = await aRegular(aPhone());
    const seen: { at: string; id: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await request('GET', `/v1/customers/${customerId}/activity?limit=2${query}`);
      const page: { data: typeof seen; nextCursor: string | null } = response.json();
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
    expect(seen).toEqual(seen.toSorted((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id)));
  });
});

/** Every text of every table of the tenant. */
async function everything(): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'tenant_id'
      and has_table_privilege('parley_app', quote_ident(table_name), 'select') order by 1`.execute(at.app.db);
  return runInTenant(at.app.db, owner.tenantId, async (transaction) => {
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(transaction);
      texts.push(name, JSON.stringify(rows));
    }
    return texts.join('\n');
  });
}

describe('one person’s data', () => {
  it('is handed out whole', async () => {
    const { customerId, phone, callId, ticket } = await aRegular(aPhone());
    const response = await request('GET', `/v1/customers/${customerId}/export`);
    expect(response.headers['content-disposition']).toBe(`attachment; filename="${customerId}.json"`);
    expect(response.json()).toMatchObject({
      customer: { id: customerId, phone },
      tickets: [{ id: ticket.id, subject: 'Zuleika is unhappy' }],
      messages: [{ body: 'Call Zuleika' }],
      conversations: expect.arrayContaining([
        expect.objectContaining({
          messages: [expect.objectContaining({ text: 'I am Zuleika, of 5 Tern Lane' })],
        }),
      ]),
      calls: [{ id: callId, from: phone, transcript: { length: 4 } }],
    });
  });

  it('is handed out whole to the last of many calls, each once and the oldest first', async () => {
    const phone = aPhone();
    const made: CallId[] = [];
    // One page of the export and the beginning of the next.
    for (let count = 0; count < 22; count += 1) {
      const callId = newId('call');
      await ingestRecords(at.app.tenancy, recordsOf(owner.tenantId, callId, [callStarted(phone)]));
      made.push(callId);
    }
    const { id } = (await request('GET', `/v1/customers?phone=${encodeURIComponent(phone)}`)).json().data[0];
    const response = await request('GET', `/v1/customers/${id}/export`);
    const calls: { id: string; startedAt: string }[] = response.json().calls;
    expect(calls.map((call) => call.id).toSorted()).toEqual(made.toSorted());
    expect(calls).toEqual(
      calls.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt) || (a.id < b.id ? -1 : 1)),
    );
  });

  it('is erased everywhere, what is nobody’s stays, and a second time there is nothing to erase', async () => {
    const { customerId, callId, phone } = await aRegular(aPhone());
    await request('PATCH', `/v1/customers/${customerId}`, { name: 'Zuleika Quux', address: '5 Tern Lane' });
    const other = await create({ name: 'Merged Quux', phone: aPhone() });
    await request('POST', `/v1/customers/${customerId}/merge`, { otherId: other.id });
    const erase = () => request('POST', `/v1/customers/${customerId}/erase`);
    const { erased } = (await erase()).json();
    expect(erased).toMatchObject({
      customers: 2,
      calls: 1,
      recordings: 1,
      turns: 4,
      searchTexts: 1,
      conversationMessages: 1,
      tickets: 1,
      phoneMessages: 1,
    });
    expect(erased.events).toBeGreaterThan(5);
    expect(erased.auditEntries).toBeGreaterThan(2);
    expect(storage.objects.has(`recordings/${callId}.wav`)).toBe(false);

    const call = (await request('GET', `/v1/calls/${callId}`)).json();
    expect(call).toMatchObject({ from: null, summary: null, hasRecording: false, durationMs: 61_000 });
    expect(call.cost.totalMicros).toBeGreaterThan(0);
    expect(
      call.transcript.map(({ text, heardText }: Record<string, string>) => text ?? heardText ?? ''),
    ).toEqual(['', '', '', '']);
    const { data } = (await request('GET', `/v1/calls/${callId}/events?limit=100`)).json();
    expect(data).toHaveLength(aBookingCall().length);
    expect(JSON.stringify(data)).not.toMatch(/tune-up|Tuesday|\+1415/);
    expect((await request('GET', `/v1/customers/${customerId}`)).json()).toMatchObject({
      name: null,
      phone: null,
    });
    expect(await at.app.tenancy.run(owner, (tx) => findCustomerByPhone(tx, phone))).toBeUndefined();

    const again = (await erase()).json().erased;
    expect(Object.values(again).every((count) => count === 0)).toBe(true);
    expect((await request('PATCH', `/v1/customers/${customerId}`, { name: 'Back' })).statusCode).toBe(409);
    const later = await aCallFrom(phone);
    expect((await request('GET', `/v1/calls/${later}`)).json().customerId).not.toBe(customerId);
  });

  it('leaves no trace of the words in any table', async () => {
    const stranger = owner;
    owner = await at.app.signUp();
    const { customerId } = await aRegular(aPhone());
    expect(await everything()).toMatch(/Zuleika.*Tern Lane/s);
    await request('POST', `/v1/customers/${customerId}/erase`);
    expect(await everything()).not.toMatch(/zuleika|tern lane|tune-up/i);
    owner = stranger;
  });

  it('is not erased under the feet of a call that goes on', async () => {
    const phone = aPhone();
    await ingestRecords(at.app.tenancy, recordsOf(owner.tenantId, newId('call'), [callStarted(phone)]));
    const { id } = (await at.app.tenancy.run(owner, (tx) => findCustomerByPhone(tx, phone)))!;
    const response = await request('POST', `/v1/customers/${id}/erase`);
    expect([response.statusCode, response.json().detail]).toEqual([
      409,
      'This customer is on the phone; erase when the call is over.',
    ]);
  });
});
