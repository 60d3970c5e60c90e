import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../src/agent/language-model.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { runInTenant } from '../../src/platform/data/tx.ts';
import { type Caller, useRestApp } from '../support/rest-app.ts';
import { end, type Script, ScriptedModel, text, toolCall, usage } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

let modelInTest: ScriptedModel;
const currentModel: LanguageModel = {
  vendor: 'scripted',
  stream: (...request) => modelInTest.stream(...request),
};
const rest = useRestApp({ model: currentModel });

/** The model answers with these, one script per request. */
function modelOf(scripts: readonly Script[]): ScriptedModel {
  modelInTest = new ScriptedModel(systemClock, scripts);
  return modelInTest;
}

async function anAgent(caller: Caller, overrides: object = {}): Promise<string> {
  const send = (url: string, payload?: object) =>
    rest.app.inject({
      method: 'POST',
      url,
      headers: caller.headers,
      ...(payload === undefined ? {} : { payload }),
    });
  const made = await send('/v1/agents', {
    name: 'Robin',
    greeting: 'Hello.',
    instructions: 'You work for {{business.name}}, open {{business.hours}}.',
    tools: ['create_ticket', 'find_ticket', 'end_call'],
    ...overrides,
  });
  const { id } = JSON.parse(made.payload);
  await send(`/v1/agents/${id}/publish`);
  return id;
}

const question = [{ role: 'user', content: 'Are you open?' }];

async function chat(caller: Caller, payload: object, accept = 'application/json') {
  const response = await rest.app.inject({
    method: 'POST',
    url: '/v1/chat/messages',
    headers: { ...caller.headers, accept },
    payload,
  });
  return { status: response.statusCode, headers: response.headers, text: response.payload };
}

async function answer(caller: Caller, payload: object) {
  const { status, text: body } = await chat(caller, payload);
  return { status, body: JSON.parse(body) };
}

/** Event names and data, comments left out. */
function eventsIn(stream: string): { event: string; data: Record<string, unknown> }[] {
  return stream
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [, event, data] = /^event: (\S+)\ndata: (.*)$/.exec(block)!;
      return { event: event!, data: JSON.parse(data!) };
    });
}

const ticket = { subject: 'Broken light', description: 'The front light is broken.' };
const opensATicket: readonly Script[] = [
  [toolCall('c1', 'create_ticket', ticket), end],
  [text('I have opened '), text('a ticket.'), usage(120, 8), end],
];

async function countTickets({ tenantId }: Caller): Promise<number> {
  const rows = await runInTenant(rest.app.db, tenantId, (transaction) =>
    transaction.selectFrom('ticket').select(['id', 'callId']).where('tenantId', '=', tenantId).execute(),
  );
  expect(rows.every(({ callId }) => callId === null)).toBe(true);
  return rows.length;
}

describe('a chat with an agent', () => {
  it('streams text and tool calls as events, and ends with the whole answer', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    modelOf(opensATicket);
    const { status, headers, text: stream } = await chat(owner, { agentId, messages: question }, '*/*');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const events = eventsIn(stream);
    expect(events.map(({ event }) => event)).toEqual([
      'tool_call',
      'tool_result',
      'update',
      'update',
      'done',
    ]);
    expect(events[0]?.data).toEqual({ id: 'c1', tool: 'create_ticket', arguments: ticket });
    expect(events[1]?.data).toMatchObject({ id: 'c1', status: 'ok', result: { status: 'created' } });
    expect(events.at(-1)?.data).toMatchObject({
      agentId,
      conversationId: null,
      message: { role: 'assistant', content: 'I have opened a ticket.' },
      toolCalls: [{ tool: 'create_ticket', arguments: ticket, status: 'ok' }],
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    });
    expect(await countTickets(owner)).toBe(1);
  });

  it('answers with one JSON document when the client accepts JSON', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    modelOf([[text('Yes, '), text('until six.'), end]]);
    const { status, body } = await answer(owner, { agentId, messages: question });
    expect(status).toBe(200);
    expect(body.message).toEqual({ role: 'assistant', content: 'Yes, until six.' });
    expect(body.chatId).toMatch(/^chat_/);
  });

  it('has the written prompt, and every tool that needs no telephone', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    await runInTenant(rest.app.db, owner.tenantId, (transaction) =>
      transaction
        .insertInto('openingHours')
        .values({ tenantId: owner.tenantId, weekday: 1, opensAtMinute: 540, closesAtMinute: 1080 })
        .execute(),
    );
    const model = modelOf([[text('Yes.'), end]]);
    const history = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello, how can I help?' },
      { role: 'user', content: 'Are you open on Monday?' },
    ];
    await answer(owner, { agentId, messages: history });
    const [request] = model.requests;
    expect(request?.tools.map(({ name }) => name)).toEqual(['create_ticket', 'find_ticket']);
    expect(request?.messages[0]?.content).toContain('Harbour Street, open Monday 09:00 to 18:00');
    expect(request?.messages[0]?.content).not.toMatch(/telephone for a business|recogniser/);
    expect(request?.messages.slice(2)).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello, how can I help?' },
      { role: 'user', content: 'Are you open on Monday?' },
    ]);
  });

  it('repeats no write when the same turn is sent again', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    modelOf(opensATicket);
    const first = await answer(owner, { agentId, messages: question });
    modelOf(opensATicket);
    const again = await answer(owner, { agentId, messages: question, chatId: first.body.chatId });
    expect(again.body.toolCalls[0].result).toEqual(first.body.toolCalls[0].result);
    expect(await countTickets(owner)).toBe(1);
    modelOf(opensATicket);
    await answer(owner, { agentId, messages: question });
    expect(await countTickets(owner)).toBe(2);
  });

  it("accepts a customer's number only from a credential that may read customers", async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const phone = '+14155550177';
    await rest.app.tenancy.run(owner, (tx) =>
      findOrCreateCustomerByPhone(tx, { phone, name: 'Maya Lindgren' }),
    );
    const widget = await rest.app.apiKeyWith(['chat:write'], owner.tenantId);
    const backend = await rest.app.apiKeyWith(['chat:write', 'customers:read'], owner.tenantId);
    const input = { agentId, messages: question, customer: { phone } };
    const model = modelOf([[text('Yes.'), end]]);
    expect((await answer(widget, input)).status).toBe(403);
    expect((await answer(widget, { agentId, messages: question })).status).toBe(200);
    expect(model.requests[0]?.messages[1]?.content).toContain('has not proved who they are');
    expect((await answer(backend, input)).status).toBe(200);
    expect(model.requests[1]?.messages[1]?.content).toContain('Maya Lindgren');
  });

  it('answers with an error when no model has answered', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const refused = { type: 'throw', error: new Error('no') } as const;
    modelOf([[refused]]);
    const { text: stream } = await chat(owner, { agentId, messages: question }, 'text/event-stream');
    const [failure] = eventsIn(stream);
    expect(failure).toMatchObject({ event: 'error', data: { status: 502, code: 'vendor-failed' } });
  });

  it('refuses an unknown agent, an unpublished one and an empty request before it answers', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const agentId = await anAgent(owner);
    modelOf([[text('Yes.'), end]]);
    const status = async (caller: Caller, payload: object) => (await answer(caller, payload)).status;
    expect(await status(stranger, { agentId, messages: question })).toBe(404);
    const draft = await rest.app.inject({
      method: 'POST',
      url: '/v1/agents',
      headers: owner.headers,
      payload: { name: 'Kim', greeting: 'Hello.' },
    });
    expect(await status(owner, { agentId: JSON.parse(draft.payload).id, messages: question })).toBe(422);
    for (const messages of [
      [],
      [{ role: 'assistant', content: 'Hello' }],
      [{ role: 'user', content: ' ' }],
    ]) {
      expect(await status(owner, { agentId, messages })).toBe(400);
    }
    const reader = await rest.app.apiKeyWith(['calls:read'], owner.tenantId);
    expect(await status(reader, { agentId, messages: question })).toBe(403);
  });
});

describe('a chat that is remembered', () => {
  it('continues the stored conversation, with messages and tool calls on record', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    modelOf(opensATicket);
    const opened = await answer(owner, { agentId, messages: question, remember: true });
    const { conversationId } = opened.body;
    expect(conversationId).toMatch(/^cnv_/);
    const model = modelOf([[text('It is open.'), end]]);
    const next = [{ role: 'user', content: 'What became of it?' }];
    const answered = await answer(owner, { agentId, messages: next, conversationId });
    expect(answered.body).toMatchObject({ conversationId, chatId: null });
    expect(model.requests[0]?.messages.slice(2).map(({ content }) => content)).toEqual([
      'Are you open?',
      'I have opened a ticket.',
      'What became of it?',
    ]);
    const rows = await runInTenant(rest.app.db, owner.tenantId, (transaction) =>
      transaction
        .selectFrom('conversationMessage')
        .select(['author', 'authorId', 'text', 'toolCalls'])
        .where('conversationId', '=', conversationId)
        .orderBy('sequence')
        .execute(),
    );
    expect(rows).toMatchObject([
      { author: 'customer', text: 'Are you open?' },
      { author: 'agent', authorId: agentId, toolCalls: [{ tool: 'create_ticket', status: 'ok' }] },
      { author: 'customer' },
      { author: 'agent', text: 'It is open.' },
    ]);
  });

  it('is invisible to other tenants, and takes one message at a time', async () => {
    const [owner, stranger] = [await rest.app.signUp(), await rest.app.signUp()];
    const [agentId, foreign] = [await anAgent(owner), await anAgent(stranger)];
    modelOf([[text('Yes.'), end]]);
    const { conversationId } = (await answer(owner, { agentId, messages: question, remember: true })).body;
    expect((await answer(stranger, { agentId: foreign, messages: question, conversationId })).status).toBe(
      404,
    );
    const two = [...question, { role: 'assistant', content: 'Yes.' }, ...question];
    expect((await answer(owner, { agentId, messages: two, conversationId })).status).toBe(400);
  });

  it('gets no answer of the agent after a member has taken over', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const model = modelOf([[text('Yes.'), end]]);
    const { conversationId } = (await answer(owner, { agentId, messages: question, remember: true })).body;
    await runInTenant(rest.app.db, owner.tenantId, (transaction) =>
      transaction
        .updateTable('conversation')
        .set({ status: 'escalated' })
        .where('id', '=', conversationId)
        .execute(),
    );
    const { body } = await answer(owner, { agentId, messages: question, conversationId });
    expect(body.message).toBeNull();
    expect(model.requests).toHaveLength(1);
  });
});

describe('a reader who goes away', () => {
  it('aborts the answer, and the text written until then is stored', async () => {
    const owner = await rest.app.signUp();
    const agentId = await anAgent(owner);
    const model = modelOf([[text('Well, this is a long story. '), { type: 'wait', ms: 60_000 }, end]]);
    const { request, response } = await openStream(owner, { agentId, messages: question, remember: true });
    let received = '';
    response.on('data', (chunk: Buffer) => (received += chunk.toString()));
    response.on('error', () => undefined);
    await until(() => received.includes('event: update'));
    request.destroy();
    await until(() => model.signals[0]?.aborted === true);
    const written = async (): Promise<string | null | undefined> => {
      const row = await runInTenant(rest.app.db, owner.tenantId, (transaction) =>
        transaction
          .selectFrom('conversationMessage')
          .select('text')
          .where('tenantId', '=', owner.tenantId)
          .where('author', '=', 'agent')
          .executeTakeFirst(),
      );
      return row?.text;
    };
    await expect.poll(written, { timeout: 5_000 }).toContain('Well, this is');
  });
});

async function openStream(
  caller: Caller,
  payload: object,
): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const { http } = rest.app;
  if (!http.server.listening) await http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = http.server.address() as AddressInfo;
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/chat/messages',
    headers: { ...caller.headers, accept: 'text/event-stream', 'content-type': 'application/json' },
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify(payload));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { request, response };
}
