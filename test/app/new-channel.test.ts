import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { ChannelAbility } from '../../src/agent/channel.ts';
import {
  allChannels,
  answerChatJob,
  type ChatChannel,
  deliverChatMessageJob,
  type OutgoingMessage,
  receiveMessage,
} from '../../src/chat/chat.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { systemActor } from '../../src/business/tenancy/actor/actor.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { useRestApp } from '../support/rest-app.ts';
import { runJobs } from '../support/run-jobs.ts';
import { end, ScriptedModel, text } from '../support/scripted-model.ts';

const rest = useRestApp();
const logger = pino({ level: 'silent' });

/** What a file `src/chat/channels/sms.ts` would export, … */
function sms(outbox: OutgoingMessage[], failures: number[] = []): ChatChannel {
  return {
    name: 'sms',
    can: new Set<ChannelAbility>(['show-link']),
    async deliver(message) {
      outbox.push(message);
      if (failures.pop() !== undefined) throw new Error('The carrier is away.');
    },
  };
}

/** A customer has written on the channel; `answer` runs what waits. */
async function aMessageBy(channel: ChatChannel) {
  const owner = await rest.app.signUp();
  const { tenancy, clock } = rest.app;
  const post = async (url: string, payload: object) => {
    const response = await rest.app.inject({ method: 'POST', url, headers: owner.headers, payload });
    return JSON.parse(response.payload);
  };
  const kim = { id: 'kim', name: 'Kim', phone: '+12125550123', when: 'complaints' };
  const { id: agentId } = await post('/v1/agents', {
    name: 'Robin',
    greeting: 'Hello.',
    tools: ['create_ticket', 'transfer_call'],
    transferTargets: [kim],
  });
  await post(`/v1/agents/${agentId}/publish`, {});

  const receiver = systemActor(owner.tenantId, 'sms');
  const conversationId = await tenancy.run(receiver, async (tx) => {
    const { id: customerId } = await findOrCreateCustomerByPhone(tx, { phone: '+14155550177' });
    const message = { agentId, customerId, text: 'Are you open?', at: clock.date() };
    return receiveMessage(tx, receiver, channel, message);
  });
  const model = new ScriptedModel(systemClock, [[text('Yes, until six.'), end]]);
  const agent = { model, tenancy, clock: systemClock, onError: () => undefined };
  // … and the line that it would have in `src/chat/channels/channels.ts`.
  const chats = { tenancy, clock, logger, agent, channels: [...allChannels, channel] };
  const answer = () => runJobs(rest.app, [answerChatJob(chats), deliverChatMessageJob(chats)]);
  return { owner, conversationId, model, answer };
}

describe('a channel added as one value on the list', () => {
  it('has its messages answered by the agent, and the answer delivered to the customer', async () => {
    const delivered: OutgoingMessage[] = [];
    const { owner, conversationId, model, answer } = await aMessageBy(sms(delivered));
    await answer();
    expect(delivered).toEqual([
      {
        tenantId: owner.tenantId,
        conversationId,
        to: '+14155550177',
        text: 'Yes, until six.',
        idempotencyKey: expect.stringContaining(conversationId),
      },
    ]);
    const [request] = model.requests;
    expect(request?.tools.map(({ name }) => name)).toEqual(['create_ticket']);
    expect(request?.messages[1]?.content).toContain('+14155550177');
    const url = `/v1/conversations/${conversationId}`;
    const { payload } = await rest.app.inject({ url, headers: owner.headers });
    expect(JSON.parse(payload)).toMatchObject({ channel: 'sms', status: 'engaged' });
  });

  it('delivers again under the same key when the carrier was away, and asks no model again', async () => {
    const delivered: OutgoingMessage[] = [];
    const { model, answer } = await aMessageBy(sms(delivered, [1]));
    await expect(answer()).rejects.toThrow('The carrier is away.');
    await answer();
    expect(delivered).toHaveLength(2);
    expect(delivered[1]).toEqual(delivered[0]);
    expect(model.requests).toHaveLength(1);
  });
});
