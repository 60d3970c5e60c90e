import { describe, expect, it } from 'vitest';
import { settleNumbersJob } from '../../../../src/business/line/numbers/numbers.ts';
import { jobContext } from '../../../../src/jobs/job.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { createLogger } from '../../../../src/platform/process/logger.ts';
import { MemoryNumberCarrier, testWebhooks } from '../../../support/memory-number-carrier.ts';
import { type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const carrier = new MemoryNumberCarrier();
const rest = useRestApp({ carrier: { numbers: carrier } });

let numbers = 0;
/** One that nobody has asked for yet. */
function aNumber(): string {
  numbers += 1;
  return `+1312555${2_000 + numbers}`;
}

async function send(
  caller: Caller,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: object,
  headers: Record<string, string> = {},
) {
  const response = await rest.app.inject({
    method,
    url,
    headers: { ...caller.headers, ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
  const text = response.payload;
  return {
    status: response.statusCode,
    etag: response.headers.etag as string,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

async function anAgent(caller: Caller, name = 'Robin'): Promise<string> {
  const { body } = await send(caller, 'POST', '/v1/agents', { name, greeting: 'Hello.' });
  await send(caller, 'POST', `/v1/agents/${body.id}/publish`);
  return body.id;
}

async function bought(caller: Caller, overrides: object = {}): Promise<{ id: string; phoneNumber: string }> {
  const { status, body } = await send(caller, 'POST', '/v1/phone-numbers', {
    phoneNumber: aNumber(),
    ...overrides,
  });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body;
}

const requestsAbout = (number: string) =>
  carrier.requests.filter((request) => request.includes(number.slice(1)));

/** As if the last attempt were long ago, in this process or in one that is gone. */
async function settleLater({ tenantId }: MemberCaller): Promise<void> {
  await runInTenant(rest.app.db, tenantId, (transaction) =>
    transaction
      .updateTable('phoneNumber')
      .set({ attemptedAt: new Date(Date.now() - 3_600_000) })
      .where('status', 'in', ['ordering', 'releasing'])
      .execute(),
  );
  await settleNow();
}

/** What the periodic job does. */
async function settleNow(): Promise<void> {
  const logger = createLogger({ logLevel: 'silent' });
  await settleNumbersJob({ tenancy: rest.app.tenancy, carrier, webhooks: testWebhooks }).run(
    {},
    jobContext({ logger }),
  );
}

describe('numbers for sale', () => {
  it('are searched at the carrier, and refused where it sells none', async () => {
    const owner = await rest.app.signUp();
    const found = await send(owner, 'GET', '/v1/phone-numbers/available?country=US&limit=3');
    expect(found.body.data).toHaveLength(3);
    expect(found.body.data[0]).toMatchObject({ country: 'US', capabilities: { voice: true } });
    expect((await send(owner, 'GET', '/v1/phone-numbers/available?country=FR')).status).toBe(422);
    for (const wrong of ['country=us', 'areaCode=12', 'contains=a b', 'capabilities=fax', 'limit=99']) {
      expect([wrong, (await send(owner, 'GET', `/v1/phone-numbers/available?${wrong}`)).status]).toEqual([
        wrong,
        400,
      ]);
    }
  });
});

describe('buying a number', () => {
  it('reserves it, orders it with our webhooks, and confirms it', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const phoneNumber = aNumber();
    const { status, body } = await send(owner, 'POST', '/v1/phone-numbers', {
      phoneNumber,
      label: 'Front desk',
      agents: [{ agentId, weight: 70 }],
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      phoneNumber,
      label: 'Front desk',
      status: 'active',
      country: 'US',
      agents: [{ agentId, name: 'Robin', weight: 70 }],
      afterHours: null,
    });
    expect(carrier.owned.get(phoneNumber)).toMatchObject(testWebhooks);
  });

  it('orders once for one Idempotency-Key, and refuses the key for another number', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = aNumber();
    const key = { 'idempotency-key': 'buy-once' };
    const first = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber }, key);
    const second = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber }, key);
    expect(second.body.id).toBe(first.body.id);
    expect(requestsAbout(phoneNumber)).toEqual([`order ${phoneNumber}`]);
    const other = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber: aNumber() }, key);
    expect(other.status).toBe(422);
  });

  it('lets one of two tenants have a number, and never asks the carrier for the other', async () => {
    const [first, second] = [await rest.app.signUp(), await rest.app.signUp()];
    const phoneNumber = aNumber();
    const answers = await Promise.all(
      [first, second].map((caller) => send(caller, 'POST', '/v1/phone-numbers', { phoneNumber })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    expect(requestsAbout(phoneNumber)).toEqual([`order ${phoneNumber}`]);
  });

  it('tells when the carrier has sold it to somebody else, and leaves it free to be asked for again', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = aNumber();
    const agentId = await anAgent(owner);
    carrier.soldElsewhere.add(phoneNumber);
    const refused = await send(owner, 'POST', '/v1/phone-numbers', {
      phoneNumber,
      agents: [{ agentId }],
      afterHours: { type: 'agent', agentId },
    });
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain('not available');
    expect((await send(owner, 'GET', '/v1/phone-numbers')).body.data).toEqual([]);
    expect((await send(owner, 'GET', '/v1/phone-numbers?status=failed')).body.data).toHaveLength(1);
    expect((await send(owner, 'GET', `/v1/agents/${agentId}/linked-numbers`)).body.data).toEqual([]);
    expect((await send(owner, 'DELETE', `/v1/agents/${agentId}`)).body.outcome).toBe('removed');
    carrier.soldElsewhere.delete(phoneNumber);
    expect((await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber })).status).toBe(201);
  });

  it('finds a number that was bought when the answer was lost, and does not buy it again', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = aNumber();
    carrier.breaks = 'after';
    const open = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber });
    expect([open.status, open.body.status]).toEqual([202, 'ordering']);
    await settleLater(owner);
    const { body } = await send(owner, 'GET', `/v1/phone-numbers/${open.body.id}`);
    expect(body).toMatchObject({ status: 'active', carrierSid: carrier.owned.get(phoneNumber)?.carrierSid });
    expect(requestsAbout(phoneNumber)).toEqual([`order ${phoneNumber}`, `find ${phoneNumber}`]);
  });

  it('orders a number later that the carrier never heard of', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = aNumber();
    carrier.breaks = 'before';
    const { body: open } = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber });
    await settleLater(owner);
    expect((await send(owner, 'GET', `/v1/phone-numbers/${open.id}`)).body.status).toBe('active');
    expect(requestsAbout(phoneNumber).filter((request) => request.startsWith('order'))).toHaveLength(2);
  });

  it('is settled by one of several nodes, and not beside the request that is still at it', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = aNumber();
    carrier.breaks = 'after';
    await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber });
    await settleNow();
    expect(requestsAbout(phoneNumber)).toEqual([`order ${phoneNumber}`]);
    await settleLater(owner);
    await settleNow();
    expect(requestsAbout(phoneNumber)).toEqual([`order ${phoneNumber}`, `find ${phoneNumber}`]);
  });

  it('states as a fact what became of it, by whoever settled it with the carrier', async () => {
    const owner = await rest.app.signUp();
    const { id } = await bought(owner);
    carrier.breaks = 'after';
    const open = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber: aNumber() });
    await settleLater(owner);
    const factsOf = async (stream: string) => {
      const events = await runInTenant(rest.app.db, owner.tenantId, (transaction) =>
        transaction
          .selectFrom('eventRecord')
          .select(['type', 'actorId'])
          .where('stream', '=', stream)
          .orderBy('sequence')
          .execute(),
      );
      return events.map(({ type, actorId }) => [type, actorId]);
    };
    expect(await factsOf(id)).toEqual([
      ['phone-number.ordered', owner.memberId],
      ['phone-number.activated', owner.memberId],
    ]);
    expect(await factsOf(open.body.id)).toEqual([
      ['phone-number.ordered', owner.memberId],
      ['phone-number.activated', 'settle-numbers'],
    ]);
  });

  it('takes agents of this tenant only', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const phoneNumber = aNumber();
    const agents = [{ agentId: await anAgent(stranger) }];
    const { status, body } = await send(owner, 'POST', '/v1/phone-numbers', { phoneNumber, agents });
    expect([status, body.errors[0].pointer]).toEqual([400, '/agents/0/agentId']);
    expect(requestsAbout(phoneNumber)).toEqual([]);
  });

  it('spends no money on a test key', async () => {
    const owner = await rest.app.signUp();
    const key = await rest.app.apiKeyWith('*', owner.tenantId);
    const phoneNumber = aNumber();
    expect((await send(key, 'POST', '/v1/phone-numbers', { phoneNumber })).status).toBe(403);
    expect(requestsAbout(phoneNumber)).toEqual([]);
  });
});

describe('importing a number', () => {
  const inAccount = (voiceUrl: string) => {
    const number = aNumber();
    const capabilities = { voice: true, sms: false, mms: false };
    carrier.owned.set(number, {
      carrierSid: `PN${number.slice(1)}`,
      number,
      capabilities,
      voiceUrl,
      statusUrl: '',
    });
    return number;
  };

  it('points a number of the account here', async () => {
    const owner = await rest.app.signUp();
    const phoneNumber = inAccount('https://demo.twilio.com/welcome/voice/');
    const { status, body } = await send(owner, 'POST', '/v1/phone-numbers/import', { phoneNumber });
    expect([status, body.status, body.capabilities.sms]).toEqual([201, 'active', false]);
    expect(carrier.owned.get(phoneNumber)?.voiceUrl).toBe(testWebhooks.voiceUrl);
  });

  it('leaves a number alone that answers elsewhere, or that the account has not', async () => {
    const owner = await rest.app.signUp();
    const taken = inAccount('https://other.example/voice');
    expect((await send(owner, 'POST', '/v1/phone-numbers/import', { phoneNumber: taken })).status).toBe(409);
    expect(carrier.owned.get(taken)?.voiceUrl).toBe('https://other.example/voice');
    const unknown = await send(owner, 'POST', '/v1/phone-numbers/import', { phoneNumber: aNumber() });
    expect(unknown.status).toBe(422);
  });
});

describe('numbers in use', () => {
  it('change their label and who answers, field by field, not over somebody else’s change', async () => {
    const owner = await rest.app.signUp();
    const [day, night] = [await anAgent(owner, 'Day'), await anAgent(owner, 'Night')];
    const { id } = await bought(owner, { agents: [{ agentId: day }] });
    const { etag } = await send(owner, 'GET', `/v1/phone-numbers/${id}`);
    const afterHours = { type: 'agent', agentId: night };
    const changed = await send(
      owner,
      'PATCH',
      `/v1/phone-numbers/${id}`,
      { afterHours, label: 'Desk' },
      { 'if-match': etag },
    );
    expect(changed.body).toMatchObject({ label: 'Desk', agents: [{ agentId: day }], afterHours });
    const stale = await send(
      owner,
      'PATCH',
      `/v1/phone-numbers/${id}`,
      { label: 'Mine' },
      { 'if-match': etag },
    );
    expect(stale.status).toBe(412);
    const message = { type: 'message', message: 'We are closed.' };
    const told = await send(owner, 'PATCH', `/v1/phone-numbers/${id}`, { afterHours: message });
    expect(told.body.afterHours).toEqual(message);
    expect(
      (await send(owner, 'PATCH', `/v1/phone-numbers/${id}`, { afterHours: null })).body.afterHours,
    ).toBeNull();
    const twice = { agents: [{ agentId: day }, { agentId: day }] };
    expect((await send(owner, 'PATCH', `/v1/phone-numbers/${id}`, twice)).status).toBe(400);
  });

  it('are listed page by page, by agent and by a part of the number', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const [one, two, three] = [
      await bought(owner),
      await bought(owner, { agents: [{ agentId }] }),
      await bought(owner, { label: 'Night line' }),
    ];
    const first = await send(owner, 'GET', '/v1/phone-numbers?limit=2');
    const second = await send(owner, 'GET', `/v1/phone-numbers?limit=2&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual([three.id, two.id, one.id]);
    const idsOf = async (query: string) =>
      (await send(owner, 'GET', `/v1/phone-numbers?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await idsOf(`agentId=${agentId}`)).toEqual([two.id]);
    expect(await idsOf(`search=${one.phoneNumber.slice(-4)}`)).toEqual([one.id]);
    expect(await idsOf('search=night')).toEqual([three.id]);
  });

  it('tell whether a call would arrive, and what stands in its way', async () => {
    const owner = await rest.app.signUp();
    const { id, phoneNumber } = await bought(owner);
    const url = `/v1/phone-numbers/${id}`;
    const unlinked = await send(owner, 'GET', `${url}/status`);
    expect(unlinked.body).toMatchObject({ isAnswered: false, carrier: { pointsHere: true } });
    expect(unlinked.body.problems[0]).toContain('No published agent');
    await send(owner, 'PATCH', url, { agents: [{ agentId: await anAgent(owner) }] });
    expect((await send(owner, 'GET', `${url}/status`)).body.isAnswered).toBe(true);
    carrier.owned.set(phoneNumber, { ...carrier.owned.get(phoneNumber)!, voiceUrl: 'https://other.example' });
    expect((await send(owner, 'GET', `${url}/status`)).body.carrier.pointsHere).toBe(false);
    expect((await send(owner, 'POST', `${url}/configure`)).status).toBe(200);
    expect((await send(owner, 'GET', `${url}/status`)).body.isAnswered).toBe(true);
  });

  it('are given back once, and are free for others then', async () => {
    const [owner, next] = [await rest.app.signUp(), await rest.app.signUp()];
    const agentId = await anAgent(owner);
    const { id, phoneNumber } = await bought(owner, { agents: [{ agentId }] });
    expect((await send(owner, 'DELETE', `/v1/agents/${agentId}`)).status).toBe(409);
    const released = await send(owner, 'DELETE', `/v1/phone-numbers/${id}`);
    expect(released.body).toMatchObject({ status: 'released', agents: [] });
    expect((await send(owner, 'DELETE', `/v1/phone-numbers/${id}`)).body.status).toBe('released');
    expect(requestsAbout(phoneNumber).filter((request) => request.startsWith('release'))).toHaveLength(1);
    expect((await send(owner, 'DELETE', `/v1/agents/${agentId}`)).status).toBe(200);
    expect((await send(next, 'POST', '/v1/phone-numbers', { phoneNumber })).status).toBe(201);
  });

  it('stay reserved until the carrier has taken them back', async () => {
    const [owner, next] = [await rest.app.signUp(), await rest.app.signUp()];
    const { id, phoneNumber } = await bought(owner);
    carrier.breaks = 'before';
    expect((await send(owner, 'DELETE', `/v1/phone-numbers/${id}`)).body.status).toBe('releasing');
    expect((await send(next, 'POST', '/v1/phone-numbers', { phoneNumber })).status).toBe(409);
    await settleLater(owner);
    expect((await send(owner, 'GET', `/v1/phone-numbers/${id}`)).body.status).toBe('released');
    expect(carrier.owned.has(phoneNumber)).toBe(false);
  });

  it('have every change in the audit log, by whoever asked for it', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const { id, phoneNumber } = await bought(owner, { label: 'Desk', agents: [{ agentId, weight: 70 }] });
    const url = `/v1/phone-numbers/${id}`;
    await send(owner, 'PATCH', url, { label: 'Front desk' });
    await send(owner, 'POST', `${url}/configure`);
    await send(owner, 'DELETE', url);
    const { body } = await send(owner, 'GET', `/v1/audit-log?resource=phone-number&resourceId=${id}`);
    const entries = body.data.map(({ actor, action, before, after }: Record<string, unknown>) => ({
      actor,
      action,
      before,
      after,
    }));
    const actor = expect.objectContaining({ type: 'member', id: owner.memberId });
    const agents = [{ agentId, name: 'Robin', weight: 70 }];
    const ordered = { number: phoneNumber, label: 'Desk', agents, afterHours: null };
    expect(entries).toEqual([
      {
        actor,
        action: 'phone-number.released',
        before: expect.objectContaining({
          number: phoneNumber,
          label: 'Front desk',
          status: 'active',
          agents,
        }),
        after: null,
      },
      { actor, action: 'phone-number.configured', before: null, after: null },
      {
        actor,
        action: 'phone-number.updated',
        before: { label: 'Desk' },
        after: { label: 'Front desk' },
      },
      { actor, action: 'phone-number.ordered', before: null, after: ordered },
    ]);
  });

  it('do not exist for another tenant, nor change by whom only looks', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const { id, phoneNumber } = await bought(owner);
    const url = `/v1/phone-numbers/${id}`;
    for (const [method, path] of [
      ['GET', url],
      ['PATCH', url],
      ['DELETE', url],
      ['POST', `${url}/configure`],
      ['GET', `${url}/status`],
    ] as const) {
      const body = method === 'PATCH' ? { label: 'Mine' } : undefined;
      expect([path, (await send(stranger, method, path, body)).status]).toEqual([path, 404]);
    }
    expect(carrier.owned.has(phoneNumber)).toBe(true);
    const viewer = await rest.app.memberWith('viewer', owner.tenantId);
    expect((await send(viewer, 'GET', url)).status).toBe(200);
    expect((await send(viewer, 'DELETE', url)).status).toBe(403);
  });
});

describe('numbers and agents', () => {
  it('are linked many to many, with weights, all or none', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const agentId = await anAgent(owner);
    const [one, two] = [await bought(owner), await bought(owner)];
    const foreign = await bought(stranger);
    const link = (phoneNumbers: object[]) =>
      send(owner, 'POST', `/v1/agents/${agentId}/link-numbers`, { phoneNumbers });
    const refused = await link([{ phoneNumberId: one.id }, { phoneNumberId: foreign.id }]);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/phoneNumbers/1/phoneNumberId']);
    const list = () => send(owner, 'GET', `/v1/agents/${agentId}/linked-numbers`);
    expect((await list()).body.data).toEqual([]);
    await link([{ phoneNumberId: one.id }, { phoneNumberId: two.id, weight: 30 }]);
    await link([{ phoneNumberId: one.id, weight: 10 }]);
    expect((await list()).body.data).toMatchObject([
      { phoneNumberId: two.id, weight: 30, answersAfterHours: false },
      { phoneNumberId: one.id, weight: 10 },
    ]);
    const unlink = () => send(owner, 'DELETE', `/v1/agents/${agentId}/linked-numbers/${two.id}`);
    expect([(await unlink()).status, (await unlink()).status]).toEqual([204, 404]);
    expect((await list()).body.data).toHaveLength(1);
  });

  it('change a number when they are linked: its ETag is another, and the audit log names the agent', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const { id } = await bought(owner);
    const { etag } = await send(owner, 'GET', `/v1/phone-numbers/${id}`);
    const phoneNumbers = [{ phoneNumberId: id, weight: 30 }];
    await send(owner, 'POST', `/v1/agents/${agentId}/link-numbers`, { phoneNumbers });
    const stale = { 'if-match': etag };
    expect((await send(owner, 'PATCH', `/v1/phone-numbers/${id}`, { label: 'Desk' }, stale)).status).toBe(
      412,
    );
    await send(owner, 'DELETE', `/v1/agents/${agentId}/linked-numbers/${id}`);
    const { body } = await send(owner, 'GET', `/v1/audit-log?resource=agent&resourceId=${agentId}`);
    expect(body.data.slice(0, 2)).toMatchObject([
      { action: 'agent.number-unlinked', before: { numberId: id }, after: null },
      {
        action: 'agent.numbers-linked',
        before: { numbers: [] },
        after: { numbers: [{ phoneNumberId: id, weight: 30 }] },
      },
    ]);
  });
});
