import { beforeAll, describe, expect, it } from 'vitest';
import {
  appendMessage,
  openConversation,
} from '../../../../src/business/record/conversations/conversations.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import type { ConversationId } from '../../../../src/business/tenancy/ids/ids.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import { aCustomer, asAgent } from '../../a-business.ts';

const at = useRestApp();
let owner: MemberCaller;

beforeAll(async () => {
  owner = await at.app.signUp();
});

async function request(
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
  headers: object = owner.headers,
) {
  return at.app.inject({
    method,
    url,
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

async function aChat(channel: 'web-chat' | 'sms' = 'web-chat') {
  const customer = await aCustomer(at.app.db, owner.tenantId);
  const options = { channel, customerId: customer.id, at: at.app.clock.date() };
  return asAgent(at.app.tenancy, owner.tenantId, (tx, agent) => openConversation(tx, agent, options));
}

const move = (id: ConversationId, to: string) =>
  request('POST', `/v1/conversations/${id}/transition`, { to });

describe('conversations over REST', () => {
  it('move on as allowed; a refused move is a conflict that lists the allowed ones; all of it is on record', async () => {
    const { id } = await aChat();
    expect((await move(id, 'engaged')).json()).toMatchObject({ status: 'engaged', closedAt: null });
    const refused = await move(id, 'paid');
    expect([refused.statusCode, refused.json()]).toMatchObject([
      409,
      { allowed: ['awaiting_customer', 'dormant', 'escalated', 'waiting_for_payment', 'closed'] },
    ]);
    for (const to of ['waiting_for_payment', 'paid', 'closed'])
      expect((await move(id, to)).statusCode).toBe(200);
    expect((await request('GET', `/v1/conversations/${id}`)).json()).toMatchObject({
      status: 'closed',
      allowedTransitions: [],
      closedAt: expect.any(String),
    });
    const { data } = (await request('GET', `/v1/conversations/${id}/events`)).json();
    expect(
      data.slice(1).map((event: { data: { to: string; by: string } }) => [event.data.to, event.data.by]),
    ).toEqual(['engaged', 'waiting_for_payment', 'paid', 'closed'].map((to) => [to, owner.memberId]));
    expect(data[0]).toMatchObject({
      sequence: 1,
      type: 'conversation-opened',
      data: { channel: 'web-chat' },
    });
    expect(data[1]).toEqual({
      sequence: 2,
      at: expect.any(String),
      type: 'status-changed',
      data: { from: 'new_lead', to: 'engaged', by: owner.memberId },
    });
    expect((await move(id, 'nonsense')).statusCode).toBe(400);
  });

  it('are given to members who work here', async () => {
    const { id } = await aChat();
    const { memberId } = await at.app.memberWith('agent', owner.tenantId);
    const assign = (assigneeId: string | null) =>
      request('POST', `/v1/conversations/${id}/assign`, { assigneeId });
    expect((await assign(memberId)).json()).toMatchObject({ assigneeId: memberId });
    const stranger = await at.app.signUp();
    expect((await assign(stranger.memberId)).statusCode).toBe(400);
    const listed = await request('GET', `/v1/conversations?assigneeId=${memberId}`);
    expect(listed.json().data).toMatchObject([{ id }]);
    expect((await assign(null)).json()).toMatchObject({ assigneeId: null });
    const history = await request('GET', `/v1/conversations/${id}/events`);
    expect(history.json().data.slice(1)).toMatchObject([
      { type: 'assigned', data: { memberId, by: owner.memberId } },
      { type: 'assigned', data: { memberId: null, by: owner.memberId } },
    ]);
  });

  it('leave an entry of the audit log for what people decide, and none for what customers write', async () => {
    const { id } = await aChat();
    await asAgent(at.app.tenancy, owner.tenantId, (tx, agent) =>
      appendMessage(tx, agent, { conversationId: id, author: 'customer', text: 'Hello?' }),
    );
    await request('POST', `/v1/conversations/${id}/notes`, { text: 'A regular.' });
    await request('POST', `/v1/conversations/${id}/assign`, { assigneeId: owner.memberId });
    await move(id, 'escalated');
    const { data } = (await request('GET', `/v1/audit-log?resourceId=${id}`)).json();
    const entry = { resource: 'conversation', actor: { type: 'member', id: owner.memberId } };
    expect(data.map(({ before, after }: { before: object; after: object }) => [before, after])).toEqual([
      [{ status: 'engaged' }, { status: 'escalated' }],
      [{ assigneeId: null }, { assigneeId: owner.memberId }],
    ]);
    expect(data).toMatchObject([
      { ...entry, action: 'conversation.status-changed' },
      { ...entry, action: 'conversation.assigned' },
    ]);
  });

  it('are listed by what they are, the latest activity first, page by page, each once', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      at.app.clock.advance(1_000);
      made.unshift((await aChat('sms')).id);
    }
    at.app.clock.advance(1_000);
    await asAgent(at.app.tenancy, owner.tenantId, (tx, agent) =>
      appendMessage(tx, agent, {
        conversationId: made[4] as ConversationId,
        author: 'customer',
        text: 'Still there?',
        at: at.app.clock.date(),
      }),
    );
    const expected = [made[4], ...made.slice(0, 4)];
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await request('GET', `/v1/conversations?channel=sms&limit=2${query}`);
      const page: { data: { id: string }[]; nextCursor: string | null } = response.json();
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(expected);
    const engaged = await request('GET', '/v1/conversations?channel=sms&status=engaged');
    expect(engaged.json().data).toMatchObject([{ id: made[4] }]);
    expect((await request('GET', '/v1/conversations?status=x')).statusCode).toBe(400);
  });

  it('carry notes that are no messages, written once with one Idempotency-Key', async () => {
    const { id } = await aChat();
    const url = `/v1/conversations/${id}/notes`;
    const headers = { ...owner.headers, 'idempotency-key': newId('key') };
    const first = await request('POST', url, { text: 'Call back before noon.' }, headers);
    const again = await request('POST', url, { text: 'Call back before noon.' }, headers);
    expect([first.statusCode, again.json()]).toEqual([201, first.json()]);
    expect((await request('GET', url)).json().data).toMatchObject([
      { text: 'Call back before noon.', memberId: owner.memberId },
    ]);
    expect((await request('GET', `/v1/conversations/${id}/messages`)).json().data).toEqual([]);
    expect((await request('POST', url, { text: ' ' })).statusCode).toBe(400);
  });

  it('of another tenant are not found, and viewers only look', async () => {
    const { id } = await aChat();
    const stranger = await at.app.signUp();
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    for (const [method, suffix, payload] of [
      ['GET', '', undefined],
      ['GET', '/messages', undefined],
      ['GET', '/notes', undefined],
      ['GET', '/events', undefined],
      ['POST', '/transition', { to: 'engaged' }],
      ['POST', '/assign', { assigneeId: null }],
      ['POST', '/notes', { text: 'x' }],
    ] as const) {
      const url = `/v1/conversations/${id}${suffix}`;
      expect([suffix, (await request(method, url, payload, stranger.headers)).statusCode]).toEqual([
        suffix,
        404,
      ]);
      const looked = (await request(method, url, payload, viewer.headers)).statusCode;
      expect([suffix, looked]).toEqual([suffix, method === 'GET' ? 200 : 403]);
    }
  });
});
