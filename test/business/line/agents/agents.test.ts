import { describe, expect, it } from 'vitest';
import { toolCatalogueOf } from '../../../../src/agent/tools/catalogue.ts';
import { businessTools } from '../../../../src/agent/tools/registry.ts';
import { type CallEvent, ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { chooseAgent, StoredLineDirectory } from '../../../../src/business/line/directory/directory.ts';
import { setOpeningHours } from '../../a-business.ts';
import { createLogger } from '../../../../src/platform/process/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { callStarted, recordsOf } from '../../record/calls/a-call.ts';
import type { Caller } from '../../../support/rest-app.ts';
import { useRestApp } from '../../../support/rest-app.ts';

const rest = useRestApp();

const plain = { name: 'Robin', greeting: 'Hello, this is {{agent.name}}.' };

async function send(caller: Caller, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) {
  const response = await rest.app.inject({
    method,
    url,
    headers: caller.headers,
    ...(body === undefined ? {} : { payload: body }),
  });
  const text = response.payload;
  return {
    status: response.statusCode,
    etag: response.headers.etag,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

async function anAgent(caller: Caller, overrides: object = {}): Promise<string> {
  const { status, body } = await send(caller, 'POST', '/v1/agents', { ...plain, ...overrides });
  expect([status, body.detail]).toEqual([201, undefined]);
  return body.id;
}

/** The agent has answered a call. */
async function answered(tenantId: TenantId, agentId: string): Promise<void> {
  const event = { ...callStarted(), agentId } as CallEvent;
  await ingestRecords(rest.app.tenancy, recordsOf(tenantId, newId('call'), [event]));
}

describe('agents', () => {
  it('begin as a draft with what is best for most, and answer nothing', async () => {
    const owner = await rest.app.signUp();
    const { status, body, etag } = await send(owner, 'POST', '/v1/agents', plain);
    expect(status).toBe(201);
    expect(etag).toBe('W/"1"');
    expect(body).toMatchObject({
      name: 'Robin',
      status: 'draft',
      published: null,
      draft: { language: 'en-US', turnTaking: { maxReprompts: 2 }, recording: { enabled: true } },
    });
  });

  it('refuse variables nobody knows, naming those there are', async () => {
    const owner = await rest.app.signUp();
    const { status, body } = await send(owner, 'POST', '/v1/agents', {
      ...plain,
      greeting: 'Hello {{caller.name}}.',
      instructions: 'We are open {{business.hours}}. Say {{business.motto}}, {{ oops }} or {{}}.',
    });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      {
        pointer: '/greeting',
        detail: 'does not know {{caller.name}}; it knows {{agent.name}}, {{business.name}}',
      },
      {
        pointer: '/instructions',
        detail: expect.stringMatching(
          /does not know .*business\.motto.*oops.*it knows .*\{\{caller\.name\}\}/,
        ),
      },
    ]);
  });

  it('refuse tools there are not, and a transfer with nobody to transfer to', async () => {
    const owner = await rest.app.signUp();
    const { body } = await send(owner, 'POST', '/v1/agents', {
      ...plain,
      tools: ['take_message', 'fly', 'transfer_call'],
      toolSettings: { swim: { hint: 'Now.' } },
    });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/tools/1',
      '/toolSettings/swim',
      '/transferTargets',
    ]);
  });

  it('change field by field, and leave what is not named', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner, { turnTaking: { maxReprompts: 4 } });
    const { status, body } = await send(owner, 'PATCH', `/v1/agents/${id}`, {
      name: 'Kim',
      turnTaking: { repromptAfterMs: 9_000 },
    });
    expect(status).toBe(200);
    expect(body.draft).toMatchObject({
      name: 'Kim',
      greeting: plain.greeting,
      turnTaking: { maxReprompts: 4, repromptAfterMs: 9_000 },
    });
    const unknown = await send(owner, 'PATCH', `/v1/agents/${id}`, { turnTaking: { patience: 1 } });
    expect(unknown.status).toBe(400);
  });

  it('are not changed over somebody else’s change', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner);
    const { etag } = await send(owner, 'GET', `/v1/agents/${id}`);
    const patch = (name: string) =>
      rest.app.inject({
        method: 'PATCH',
        url: `/v1/agents/${id}`,
        headers: { ...owner.headers, 'if-match': etag as string },
        payload: { name },
      });
    expect((await patch('Kim')).statusCode).toBe(200);
    expect((await patch('Lou')).statusCode).toBe(412);
    expect((await send(owner, 'GET', `/v1/agents/${id}`)).body.name).toBe('Kim');
  });

  it('publish versions that never change, count them, and make none of nothing', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner);
    const first = await send(owner, 'POST', `/v1/agents/${id}/publish`);
    expect([first.status, first.body.version, first.body.warnings]).toEqual([201, 1, []]);
    const again = await send(owner, 'POST', `/v1/agents/${id}/publish`);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    await send(owner, 'PATCH', `/v1/agents/${id}`, { greeting: 'Good day.' });
    const changed = await send(owner, 'GET', `/v1/agents/${id}`);
    expect(changed.body).toMatchObject({ hasUnpublishedChanges: true, published: { version: 1 } });
    const second = await send(owner, 'POST', `/v1/agents/${id}/publish`);
    expect(second.body).toMatchObject({ version: 2, publishedBy: owner.memberId });
    const one = await send(owner, 'GET', `/v1/agents/${id}/versions/1`);
    expect(one.body.config.greeting).toBe(plain.greeting);
    const page = await send(owner, 'GET', `/v1/agents/${id}/versions?limit=1`);
    expect(page.body.data).toMatchObject([{ version: 2 }]);
    const rest1 = await send(
      owner,
      'GET',
      `/v1/agents/${id}/versions?limit=1&cursor=${page.body.nextCursor}`,
    );
    expect(rest1.body).toMatchObject({ data: [{ version: 1 }], nextCursor: null });
  });

  it('are published with a warning of what their language lacks', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner, { language: 'de-DE' });
    for (const status of [201, 200]) {
      const published = await send(owner, 'POST', `/v1/agents/${id}/publish`);
      expect(published).toMatchObject({
        status,
        body: { version: 1, warnings: [{ code: 'voice-language', pointer: '/voices/1' }] },
      });
    }
  });

  it('compare versions field by field, and bring an old one back as the draft', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner, { tools: ['end_call'] });
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    await send(owner, 'PATCH', `/v1/agents/${id}`, {
      voice: { speed: 1.1 },
      tools: ['end_call', 'take_message'],
      toolSettings: { take_message: { hint: 'Only after hours.' } },
    });
    const compared = await send(owner, 'GET', `/v1/agents/${id}/versions/1/compare/draft`);
    expect(compared.body.changes).toEqual([
      { pointer: '/voice/speed', before: 1, after: 1.1 },
      { pointer: '/tools', before: ['end_call'], after: ['end_call', 'take_message'] },
      { pointer: '/toolSettings/take_message', after: { hint: 'Only after hours.' } },
    ]);
    const restored = await send(owner, 'POST', `/v1/agents/${id}/versions/1/restore`);
    expect(restored.body).toMatchObject({ hasUnpublishedChanges: false, draft: { tools: ['end_call'] } });
    expect((await send(owner, 'POST', `/v1/agents/${id}/versions/9/restore`)).status).toBe(404);
  });

  it('are deleted when they have answered no call, and archived when they have', async () => {
    const owner = await rest.app.signUp();
    const [unused, used] = [await anAgent(owner), await anAgent(owner)];
    await send(owner, 'POST', `/v1/agents/${unused}/publish`);
    expect((await send(owner, 'DELETE', `/v1/agents/${unused}`)).body.outcome).toBe('removed');
    expect((await send(owner, 'GET', `/v1/agents/${unused}`)).status).toBe(404);
    await answered(owner.tenantId, used);
    expect((await send(owner, 'DELETE', `/v1/agents/${used}`)).body.outcome).toBe('archived');
    expect((await send(owner, 'GET', `/v1/agents/${used}`)).body.status).toBe('archived');
    expect((await send(owner, 'GET', '/v1/agents')).body.data).toEqual([]);
    expect((await send(owner, 'GET', '/v1/agents?archived=true')).body.data).toHaveLength(1);
    expect((await send(owner, 'PATCH', `/v1/agents/${used}`, { name: 'Kim' })).status).toBe(409);
  });

  it('are not published or restored over somebody else’s change, and have a new ETag after each change', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner);
    const post = (path: string, ifMatch: string) =>
      rest.app.inject({
        method: 'POST',
        url: `/v1/agents/${id}${path}`,
        headers: { ...owner.headers, 'if-match': ifMatch },
      });
    const etag = async () => (await send(owner, 'GET', `/v1/agents/${id}`)).etag;
    const published = await post('/publish', 'W/"1"');
    expect([published.statusCode, published.headers.etag]).toEqual([201, undefined]);
    expect(await etag()).toBe('W/"2"');
    expect((await post('/publish', 'W/"1"')).statusCode).toBe(412);
    expect((await post('/versions/1/restore', 'W/"1"')).statusCode).toBe(412);
    const restored = await post('/versions/1/restore', 'W/"2"');
    expect([restored.statusCode, restored.headers.etag]).toEqual([200, 'W/"3"']);
    expect(await etag()).toBe('W/"3"');
  });

  it('leave an entry in the audit log with every change, with the fields that differ', async () => {
    const owner = await rest.app.signUp();
    const target = { id: 'desk', name: 'Desk', phone: '+15005550199', when: 'Asked for a person.' };
    const id = await anAgent(owner, { transferTargets: [target] });
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    await send(owner, 'PATCH', `/v1/agents/${id}`, { greeting: 'Good day.', voice: { speed: 1.1 } });
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    await send(owner, 'POST', `/v1/agents/${id}/versions/1/restore`);
    await send(owner, 'DELETE', `/v1/agents/${id}`);
    const used = await anAgent(owner);
    await answered(owner.tenantId, used);
    await send(owner, 'DELETE', `/v1/agents/${used}`);
    const entries = async (agentId: string) =>
      (await send(owner, 'GET', `/v1/audit-log?resource=agent&resourceId=${agentId}`)).body.data.toReversed();
    const [created, ...rest1] = await entries(id);
    expect(created).toMatchObject({
      action: 'agent.created',
      actor: { type: 'member', id: owner.memberId },
      before: null,
      after: { ...plain, transferTargets: [{ ...target, phone: expect.stringMatching(/^\[personal /) }] },
    });
    const old = { greeting: plain.greeting, voice: { speed: 1 } };
    const changed = { greeting: 'Good day.', voice: { speed: 1.1 } };
    expect(
      rest1.map(({ action, before, after }: Record<string, unknown>) => ({ action, before, after })),
    ).toEqual([
      { action: 'agent.published', before: { version: null }, after: { version: 1 } },
      { action: 'agent.updated', before: old, after: changed },
      { action: 'agent.published', before: { version: 1 }, after: { version: 2 } },
      { action: 'agent.version-restored', before: changed, after: old },
      { action: 'agent.removed', before: expect.objectContaining(plain), after: null },
    ]);
    expect((await entries(used)).at(-1)).toMatchObject({
      action: 'agent.archived',
      before: plain,
      after: null,
    });
  });

  it('are listed page by page and found by a part of the name', async () => {
    const owner = await rest.app.signUp();
    for (const name of ['Robin', 'Kim', 'Robert']) await anAgent(owner, { name });
    const first = await send(owner, 'GET', '/v1/agents?limit=2');
    const second = await send(owner, 'GET', `/v1/agents?limit=2&cursor=${first.body.nextCursor}`);
    const names = [...first.body.data, ...second.body.data].map(({ name }: { name: string }) => name);
    expect(names).toEqual(['Robert', 'Kim', 'Robin']);
    expect(second.body.nextCursor).toBeNull();
    const found = await send(owner, 'GET', '/v1/agents?search=rob');
    expect(found.body.data).toHaveLength(2);
    expect((await send(owner, 'GET', '/v1/agents?cursor=nonsense')).status).toBe(400);
  });

  it('are made once for one Idempotency-Key', async () => {
    const owner = await rest.app.signUp();
    const make = () =>
      rest.app.inject({
        method: 'POST',
        url: '/v1/agents',
        headers: { ...owner.headers, 'idempotency-key': 'once' },
        payload: plain,
      });
    const [first, second] = [await make(), await make()];
    expect(JSON.parse(second.payload).id).toBe(JSON.parse(first.payload).id);
    expect((await send(owner, 'GET', '/v1/agents')).body.data).toHaveLength(1);
  });

  it('do not exist for another tenant, nor change by whom only looks', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const id = await anAgent(owner);
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    for (const [method, url] of [
      ['GET', `/v1/agents/${id}`],
      ['PATCH', `/v1/agents/${id}`],
      ['DELETE', `/v1/agents/${id}`],
      ['POST', `/v1/agents/${id}/publish`],
      ['GET', `/v1/agents/${id}/versions`],
      ['GET', `/v1/agents/${id}/versions/1`],
      ['GET', `/v1/agents/${id}/versions/1/compare/draft`],
      ['POST', `/v1/agents/${id}/versions/1/restore`],
      ['GET', `/v1/agents/${id}/linked-numbers`],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'Mine' } : undefined;
      expect([url, (await send(stranger, method, url, body)).status]).toEqual([url, 404]);
    }
    const viewer = await rest.app.memberWith('viewer', owner.tenantId);
    expect((await send(viewer, 'GET', `/v1/agents/${id}`)).status).toBe(200);
    expect((await send(viewer, 'POST', `/v1/agents/${id}/publish`)).status).toBe(403);
  });
});

describe('the catalogue', () => {
  it('lists every tool with the schema of its arguments, and voices', async () => {
    const owner = await rest.app.signUp();
    const tools = await send(owner, 'GET', '/v1/tools');
    expect(tools.body.data).toHaveLength(toolCatalogueOf(businessTools).length);
    expect(tools.body.data).toContainEqual(
      expect.objectContaining({
        name: 'create_ticket',
        effect: 'write',
        parameters: expect.objectContaining({ type: 'object' }),
      }),
    );
    const voices = await send(owner, 'GET', '/v1/voices');
    expect(voices.body.data).toContainEqual(expect.objectContaining({ id: 'aura-2-thalia-en' }));
  });
});

describe('published changes', () => {
  it('are what the next call is answered with, within two seconds and without a question to the database', async () => {
    const owner = await rest.app.signUp();
    const id = await anAgent(owner);
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    const bought = await send(owner, 'POST', '/v1/phone-numbers', {
      phoneNumber: '+13125557001',
      agents: [{ agentId: id }],
    });
    const clock = new FakeClock();
    await using directory = await StoredLineDirectory.open({
      tenancy: rest.app.tenancy,
      snapshot: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
      clock,
      logger: createLogger({ logLevel: 'silent' }),
    });
    const greeting = (): string | undefined => {
      const dialled = directory.find(bought.body.phoneNumber);
      const answer =
        dialled === undefined
          ? undefined
          : chooseAgent(dialled, { now: new Date(), callerPhone: undefined, random: () => 0 });
      return answer?.type === 'agent' ? answer.line.agent.greeting : answer?.type;
    };
    const twoSeconds = async (): Promise<void> => {
      clock.advance(2_000);
      await directory.refresh();
    };
    expect(greeting()).toBe(plain.greeting);
    await send(owner, 'PATCH', `/v1/agents/${id}`, { greeting: 'Good day.' });
    await twoSeconds();
    expect(greeting()).toBe(plain.greeting);
    await send(owner, 'POST', `/v1/agents/${id}/publish`);
    await twoSeconds();
    expect(greeting()).toBe('Good day.');
    const numberUrl = `/v1/phone-numbers/${bought.body.id}`;
    await send(owner, 'PATCH', numberUrl, { afterHours: { type: 'message', message: 'Closed.' } });
    const everyDay = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      weekday,
      opensAtMinute: 0,
      closesAtMinute: 1_440,
    }));
    await setOpeningHours(rest.app.db, owner.tenantId, everyDay);
    await twoSeconds();
    expect(greeting()).toBe('Good day.');
    await setOpeningHours(rest.app.db, owner.tenantId, [
      { weekday: (new Date().getUTCDay() + 3) % 7 || 7, opensAtMinute: 0, closesAtMinute: 60 },
    ]);
    await twoSeconds();
    expect(greeting()).toBe('message');
    await send(owner, 'DELETE', numberUrl);
    await twoSeconds();
    expect(greeting()).toBeUndefined();
  });
});
