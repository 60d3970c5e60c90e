import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../src/agent/language-model.ts';
import { allChannels, answerChatJob } from '../../src/chat/chat.ts';
import { takeAnswerLease } from '../../src/chat/chat-progress.ts';
import { jobContext } from '../../src/jobs/job.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import type { ConversationId } from '../../src/business/tenancy/ids/ids.ts';
import { type Caller, useRestApp } from '../support/rest-app.ts';
import { runJobs } from '../support/run-jobs.ts';
import { end, type Script, ScriptedModel, text, toolCall, wait } from '../support/scripted-model.ts';
import { until } from '../support/until.ts';

let modelInTest: ScriptedModel;
const currentModel: LanguageModel = {
  vendor: 'scripted',
  stream: (...request) => modelInTest.stream(...request),
};
const rest = useRestApp({ model: currentModel });
const logger = pino({ level: 'silent' });

function modelOf(...scripts: readonly Script[]): ScriptedModel {
  modelInTest = new ScriptedModel(systemClock, scripts);
  return modelInTest;
}

function answering() {
  const { tenancy, clock } = rest.app;
  const agent = { model: currentModel, tenancy, clock: systemClock, onError: () => undefined };
  return answerChatJob({ tenancy, clock, logger, channels: allChannels, agent });
}

const runAnswers = () => runJobs(rest.app, [answering()]);

async function post(caller: Caller, url: string, payload: object = {}) {
  const response = await rest.app.inject({ method: 'POST', url, headers: caller.headers, payload });
  return { status: response.statusCode, body: JSON.parse(response.payload) };
}

async function anAgent(caller: Caller): Promise<string> {
  const { body } = await post(caller, '/v1/agents', {
    name: 'Robin',
    greeting: 'Hello.',
    tools: ['create_ticket'],
  });
  await post(caller, `/v1/agents/${body.id}/publish`);
  return body.id;
}

/** Somebody who writes to an agent and does not wait. */
async function aWriter() {
  const owner = await rest.app.signUp();
  const agentId = await anAgent(owner);
  let conversationId: ConversationId | undefined;
  return {
    owner,
    writes: async (content: string) => {
      const place = conversationId === undefined ? { remember: true } : { conversationId };
      const message = { agentId, messages: [{ role: 'user', content }], wait: false, ...place };
      const { status, body } = await post(owner, '/v1/chat/messages', message);
      conversationId = body.conversationId;
      return { status, body };
    },
    jobOf: (body: { conversationId: ConversationId; sequence: number }) =>
      answering().schema.parse({ tenantId: owner.tenantId, agentId, ...body }),
    messages: async (): Promise<[string, string][]> => {
      const url = `/v1/conversations/${conversationId}/messages`;
      const { payload } = await rest.app.inject({ url, headers: owner.headers });
      return JSON.parse(payload).data.map(({ author, text: words }: Record<string, string>) => [
        author,
        words,
      ]);
    },
  };
}

describe('a message whose sender does not wait', () => {
  it('is taken at once, and answered by a job into its conversation', async () => {
    const { writes, messages } = await aWriter();
    modelOf([text('Yes, until six.'), end]);
    const { status, body } = await writes('Are you open?');
    expect(status).toBe(202);
    expect(body).toEqual({
      conversationId: expect.stringMatching(/^cnv_/),
      sequence: expect.any(Number),
      agentId: expect.stringMatching(/^agt_/),
    });
    expect(await messages()).toEqual([['customer', 'Are you open?']]);
    await runAnswers();
    expect(await messages()).toEqual([
      ['customer', 'Are you open?'],
      ['agent', 'Yes, until six.'],
    ]);
  });

  it('is refused where no conversation is stored, because the answer would have no place', async () => {
    const owner = await rest.app.signUp();
    const message = {
      agentId: await anAgent(owner),
      messages: [{ role: 'user', content: 'Hi' }],
      wait: false,
    };
    const { status, body } = await post(owner, '/v1/chat/messages', message);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '/wait', detail: expect.stringContaining('no place') }]);
  });

  it('is answered once, however often its job runs', async () => {
    const { writes, messages, jobOf } = await aWriter();
    const model = modelOf([text('Yes.'), end]);
    const { body } = await writes('Are you open?');
    await answering().run(jobOf(body), jobContext({ logger }));
    await answering().run(jobOf(body), jobContext({ logger }));
    expect(model.requests).toHaveLength(1);
    expect(await messages()).toHaveLength(2);
  });

  it('is answered together with what was written before its answer began', async () => {
    const { writes, messages } = await aWriter();
    const model = modelOf([text('Yes to both.'), end]);
    await writes('Are you open?');
    await writes('And tomorrow?');
    await runAnswers();
    expect(model.requests).toHaveLength(1);
    expect(await messages()).toEqual([
      ['customer', 'Are you open?'],
      ['customer', 'And tomorrow?'],
      ['agent', 'Yes to both.'],
    ]);
  });

  it('is answered once, however many jobs of its conversation run at the same moment', async () => {
    const { writes, messages, jobOf } = await aWriter();
    modelOf([text('Yes.'), end]);
    const written = [await writes('Are you open?'), await writes('And tomorrow?'), await writes('Hello?')];
    const running = written.map(({ body }) => answering().run(jobOf(body), jobContext({ logger })));
    await Promise.all(running);
    await runAnswers();
    expect((await messages()).filter(([author]) => author === 'agent')).toEqual([['agent', 'Yes.']]);
  });

  it('is answered after an answer that is being written, and the model sees them in that order', async () => {
    const { writes, messages, jobOf } = await aWriter();
    const model = modelOf([wait(300), text('Until six.'), end], [text('Until four.'), end]);
    const first = await writes('Are you open?');
    const running = answering().run(jobOf(first.body), jobContext({ logger }));
    await until(() => model.requests.length === 1);
    const second = await writes('And tomorrow?');
    await answering().run(jobOf(second.body), jobContext({ logger }));
    expect(model.requests).toHaveLength(1);
    await running;
    await runAnswers();
    expect(model.requests[1]?.messages.slice(2).map(({ content }) => content)).toEqual([
      'Are you open?',
      'Until six.',
      'And tomorrow?',
    ]);
    expect((await messages()).at(-1)).toEqual(['agent', 'Until four.']);
  });

  it('is answered once the lease of a process that died has expired', async () => {
    const { owner, writes, messages, jobOf } = await aWriter();
    const model = modelOf([text('Yes.'), end]);
    const { body } = await writes('Are you open?');
    const lease = { now: rest.app.clock.date(), leaseMs: 120_000 };
    await rest.app.tenancy.run(owner, (tx) => takeAnswerLease(tx, body.conversationId, lease));
    await answering().run(jobOf(body), jobContext({ logger }));
    expect(model.requests).toHaveLength(0);
    rest.app.clock.advance(120_000);
    await answering().run(jobOf(body), jobContext({ logger }));
    expect((await messages()).at(-1)).toEqual(['agent', 'Yes.']);
  });

  it('has its tools take effect once, when the attempt after them fails', async () => {
    const { owner, writes, jobOf } = await aWriter();
    const ticket = { subject: 'Broken light', description: 'The front light is broken.' };
    const opens: Script = [toolCall('c1', 'create_ticket', ticket), end];
    const fails: Script = [{ type: 'throw', error: new Error('no') }];
    modelOf(opens, fails);
    const { body } = await writes('My light is broken.');
    const attempt = () => answering().run(jobOf(body), jobContext({ logger }));
    await expect(attempt()).rejects.toThrow('No model gave an answer');
    modelOf(opens, [text('I have opened a ticket.'), end]);
    await attempt();
    const { payload } = await rest.app.inject({ url: '/v1/tickets', headers: owner.headers });
    expect(JSON.parse(payload).data).toHaveLength(1);
  });

  it('waits for people when every attempt has failed, and is not answered by the agent then', async () => {
    const { owner, writes, jobOf } = await aWriter();
    const model = modelOf([text('Yes.'), end]);
    const { body } = await writes('Are you open?');
    await answering().onDeadLetter!(jobOf(body), jobContext({ logger }));
    const { payload } = await rest.app.inject({
      url: `/v1/conversations/${body.conversationId}`,
      headers: owner.headers,
    });
    expect(JSON.parse(payload)).toMatchObject({ status: 'escalated' });
    await runAnswers();
    expect(model.requests).toHaveLength(0);
  });
});
