import { describe, expect, it } from 'vitest';
import { getCall, ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { findOrCreateCustomerByPhone } from '../../../../src/business/customers/customers.ts';
import {
  appendMessage,
  getConversation,
  listMessages,
  openConversation,
  recentMessages,
} from '../../../../src/business/record/conversations/conversations.ts';
import { NotFound } from '../../../../src/platform/process/errors.ts';
import { readEvents } from '../../../../src/business/tenancy/events/event-record.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import type { ConversationId } from '../../../../src/business/tenancy/ids/ids.ts';
import { aCustomer, aPhone, asAgent, aTenant, useDatabase } from '../../a-business.ts';
import { aBookingCall, callStarted, recordsOf } from '../calls/a-call.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();

const eventsOf = (tenantId: TenantId, id: ConversationId) =>
  at.tenancy.run({ tenantId }, (tx) => readEvents(tx, id));

describe('a conversation', () => {
  it('is one per customer and channel, however many open it at once', async () => {
    const tenantId = await aTenant(at.db);
    const { id: customerId } = await aCustomer(at.db, tenantId);
    const open = (channel: 'web-chat' | 'sms') =>
      asAgent(at.tenancy, tenantId, (tx, agent) => openConversation(tx, agent, { channel, customerId }));
    const opened = await Promise.all([open('web-chat'), open('web-chat'), open('web-chat'), open('sms')]);
    const ids = opened.map(({ id }) => id);
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
    expect((await eventsOf(tenantId, ids[0]!)).map(({ type }) => type)).toEqual(['conversation.opened']);
  });

  it('of somebody unknown is always a new one', async () => {
    const tenantId = await aTenant(at.db);
    const open = () =>
      asAgent(at.tenancy, tenantId, (tx, agent) => openConversation(tx, agent, { channel: 'web-chat' }));
    expect((await open()).id).not.toBe((await open()).id);
  });

  it('keeps messages in order, wakes up by the customer’s words, and puts no words into events', async () => {
    const tenantId = await aTenant(at.db);
    const { id: conversationId } = await asAgent(at.tenancy, tenantId, (tx, agent) =>
      openConversation(tx, agent, { channel: 'web-chat' }),
    );
    const say = (author: 'customer' | 'agent', text: string) =>
      asAgent(at.tenancy, tenantId, (tx, agent) =>
        appendMessage(tx, agent, { conversationId, author, text }),
      );
    expect((await say('customer', 'Hello?')).conversation.status).toBe('engaged');
    await say('agent', 'Good morning.');
    await asAgent(at.tenancy, tenantId, (tx, agent) =>
      appendMessage(tx, agent, {
        conversationId,
        author: 'agent',
        authorId: 'agv_1',
        text: 'Booked.',
        toolCalls: [{ tool: 'book_appointment', arguments: { at: '10:00' }, status: 'ok', result: null }],
      }),
    );
    const page = await at.tenancy.run({ tenantId }, (tx) => listMessages(tx, conversationId, { limit: 2 }));
    expect(page.data.map((message) => message.kind === 'text' && message.text)).toEqual([
      'Hello?',
      'Good morning.',
    ]);
    const rest = await at.tenancy.run({ tenantId }, (tx) =>
      listMessages(tx, conversationId, { limit: 2, cursor: page.nextCursor! }),
    );
    expect(rest).toMatchObject({
      data: [{ text: 'Booked.', toolCalls: [{ status: 'ok' }] }],
      nextCursor: null,
    });
    const recent = await at.tenancy.run({ tenantId }, (tx) => recentMessages(tx, conversationId, 2));
    expect(recent).toMatchObject([{ text: 'Good morning.' }, { text: 'Booked.' }]);
    const events = await eventsOf(tenantId, conversationId);
    expect(events.map(({ type }) => type)).toEqual([
      'conversation.opened',
      'conversation.message-added',
      'conversation.status-followed',
      'conversation.message-added',
      'conversation.message-added',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Hello|Booked|10:00/);
  });

  it('takes messages of several writers at once, each once', async () => {
    const tenantId = await aTenant(at.db);
    const { id: conversationId } = await asAgent(at.tenancy, tenantId, (tx, agent) =>
      openConversation(tx, agent, { channel: 'web-chat' }),
    );
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) =>
        asAgent(at.tenancy, tenantId, (tx, agent) =>
          appendMessage(tx, agent, { conversationId, author: 'customer', text }),
        ),
      ),
    );
    const { data } = await at.tenancy.run({ tenantId }, (tx) =>
      listMessages(tx, conversationId, { limit: 100 }),
    );
    expect(data).toHaveLength(4);
    expect(new Set(data.map(({ sequence }) => sequence)).size).toBe(4);
  });

  it('of another tenant does not exist', async () => {
    const [tenantId, stranger] = [await aTenant(at.db), await aTenant(at.db)];
    const { id: conversationId } = await asAgent(at.tenancy, tenantId, (tx, agent) =>
      openConversation(tx, agent, { channel: 'web-chat' }),
    );
    const append = asAgent(at.tenancy, stranger, (tx, agent) =>
      appendMessage(tx, agent, { conversationId, author: 'customer', text: 'mine' }),
    );
    await expect(append).rejects.toThrow(NotFound);
    await expect(
      at.tenancy.run({ tenantId: stranger }, (tx) => getConversation(tx, conversationId)),
    ).rejects.toThrow(NotFound);
  });
});

describe('a call', () => {
  it('puts its caller on record and is part of their voice conversation, engaged when they spoke', async () => {
    const tenantId = await aTenant(at.db);
    const phone = aPhone();
    const [silent, spoken] = [newId('call'), newId('call')];
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, silent, [callStarted(phone)]));
    const first = await at.tenancy.run({ tenantId }, (tx) => getCall(tx, silent));
    expect(
      await at.tenancy.run({ tenantId }, (tx) => getConversation(tx, first.conversationId!)),
    ).toMatchObject({
      status: 'new_lead',
      channel: 'voice',
      customerId: first.customerId,
    });
    const records = recordsOf(tenantId, spoken, aBookingCall(phone));
    await ingestRecords(testTenancy(at.db), records.slice(0, 3));
    await ingestRecords(testTenancy(at.db), records);
    const second = await at.tenancy.run({ tenantId }, (tx) => getCall(tx, spoken));
    expect([second.customerId, second.conversationId]).toEqual([first.customerId, first.conversationId]);
    expect(
      (await at.tenancy.run({ tenantId }, (tx) => getConversation(tx, second.conversationId!))).status,
    ).toBe('engaged');
    const customer = await at.tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone }));
    expect(customer.id).toBe(first.customerId);
    const { data } = await at.tenancy.run({ tenantId }, (tx) =>
      listMessages(tx, first.conversationId!, { limit: 10 }),
    );
    expect(data).toMatchObject([
      { kind: 'call', callId: silent },
      { kind: 'call', callId: spoken },
    ]);
  });

  it('from a withheld number is a conversation of nobody we know', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, [callStarted('anonymous')]));
    const call = await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId));
    expect([call.fromPhone, call.customerId]).toEqual(['anonymous', null]);
    expect(
      (await at.tenancy.run({ tenantId }, (tx) => getConversation(tx, call.conversationId!))).customerId,
    ).toBeNull();
  });
});
