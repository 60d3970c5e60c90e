import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowedNext,
  conversationStatuses,
  statusWhenCustomerSpoke,
  transition,
} from '../../../../src/business/record/conversations/status.ts';

const anyStatus = fc.constantFrom(...conversationStatuses);

describe('the status of a conversation', () => {
  it('goes from a new lead to a paid and closed one, step by step', () => {
    const way = [
      'new_lead',
      'engaged',
      'awaiting_customer',
      'waiting_for_payment',
      'paid',
      'closed',
    ] as const;
    for (const [index, to] of way.slice(1).entries()) {
      expect(transition(way[index]!, to)).toEqual({ type: 'allowed', from: way[index], to });
    }
  });

  it('refuses what skips a step, and names what is allowed', () => {
    expect(transition('new_lead', 'paid')).toEqual({
      type: 'refused',
      reason:
        'A conversation that is new_lead cannot become paid. It can become engaged, dormant, escalated, closed.',
    });
    expect(transition('engaged', 'paid').type).toBe('refused');
    expect(transition('closed', 'engaged')).toMatchObject({ reason: expect.stringContaining('any more') });
  });

  it('is decided by the list of allowed steps and nothing else; no step leads to where one is', () => {
    fc.assert(
      fc.property(anyStatus, anyStatus, (from, to) => {
        expect(transition(from, to).type).toBe(allowedNext(from).includes(to) ? 'allowed' : 'refused');
        if (from === to) expect(transition(from, to).type).toBe('refused');
      }),
    );
  });

  it('can be closed from everywhere, and left for nowhere once it is', () => {
    fc.assert(
      fc.property(fc.array(anyStatus, { maxLength: 20 }), (wishes) => {
        let status: (typeof conversationStatuses)[number] = 'new_lead';
        for (const wish of wishes) if (transition(status, wish).type === 'allowed') status = wish;
        expect(status === 'closed' ? allowedNext(status) : allowedNext(status).includes('closed')).toEqual(
          status === 'closed' ? [] : true,
        );
      }),
    );
  });

  it('moves by the customer’s own words only where the table allows it', () => {
    for (const status of conversationStatuses) {
      const next = statusWhenCustomerSpoke(status);
      if (next !== status) expect([status, transition(status, next).type]).toEqual([status, 'allowed']);
    }
    expect(['paid', 'escalated', 'closed'].map((status) => statusWhenCustomerSpoke(status as never))).toEqual(
      ['paid', 'escalated', 'closed'],
    );
  });
});
