import { describe, expect, it } from 'vitest';
import {
  changeTicket,
  findTicket,
  listTicketHistory,
  listTickets,
  ticketEvents,
  ticketHistoryProcessor,
} from '../../../../src/business/desk/tickets/tickets.ts';
import type { TicketChanges } from '../../../../src/business/desk/tickets/ticket.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import type { TicketId } from '../../../../src/business/tenancy/ids/ids.ts';
import { systemActor, type TenantActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { canBecome } from '../../../../src/business/desk/tickets/ticket-status.ts';
import { Conflict, InvalidInput } from '../../../../src/platform/process/errors.ts';
import { aCustomer, asAgent, aTenant, aTicket, useDatabase } from '../../a-business.ts';

const at = useDatabase();
const squeak = { subject: 'Brakes squeak', description: 'Since the tune-up last week.' };

function changeOne(tenantId: TenantId, id: TicketId, changes: TicketChanges, by?: TenantActor) {
  return asAgent(at.tenancy, tenantId, (tx, agent) => changeTicket(tx, by ?? agent, id, { changes }));
}

function historyOf(tenantId: TenantId, id: TicketId) {
  return at.tenancy.run({ tenantId }, (tx) => listTicketHistory(tx, id));
}

describe('tickets', () => {
  it('are numbered per tenant, from a number that can be said', async () => {
    const [tenantId, other] = [await aTenant(at.db), await aTenant(at.db)];
    const references = [];
    for (const tenant of [tenantId, tenantId, other]) {
      references.push((await aTicket(at.tenancy, tenant, squeak)).reference);
    }
    expect(references).toEqual(['T-1001', 'T-1002', 'T-1001']);
  });

  it('get different numbers when opened at the same moment', async () => {
    const tenantId = await aTenant(at.db);
    const tickets = await Promise.all(Array.from({ length: 8 }, () => aTicket(at.tenancy, tenantId, squeak)));
    expect(new Set(tickets.map(({ reference }) => reference)).size).toBe(8);
  });

  it('are found the way a caller says the number, and under the customer', async () => {
    const tenantId = await aTenant(at.db);
    const [customer, stranger] = [await aCustomer(at.db, tenantId), await aCustomer(at.db, tenantId)];
    const ticket = await aTicket(at.tenancy, tenantId, { ...squeak, customerId: customer.id });
    await at.tenancy.run({ tenantId }, async (tx) => {
      for (const reference of ['T-1001', 't 1001', '1001', 'ticket number 10 01']) {
        expect(await findTicket(tx, { reference })).toEqual(ticket);
      }
      expect((await listTickets(tx, { customerId: customer.id, limit: 5 })).data).toEqual([ticket]);
      expect(await findTicket(tx, { reference: 'T-1001', customerId: stranger.id })).toBeUndefined();
      expect(await findTicket(tx, { reference: 'T-9' })).toBeUndefined();
    });
  });

  it('keep a history of every change, with who made it', async () => {
    const tenantId = await aTenant(at.db);
    const { id } = await aTicket(at.tenancy, tenantId, squeak);
    await changeOne(tenantId, id, { status: 'in_progress', priority: 'high' }, systemActor(tenantId, 'Sam'));
    await changeOne(tenantId, id, { comment: 'Called back.' });
    const entries = await historyOf(tenantId, id);
    expect(
      entries.map(({ sequence, kind, author, body, change }) => [sequence, kind, author, body ?? change]),
    ).toEqual([
      [1, 'created', 'agent', squeak.description],
      [2, 'status-changed', 'Sam', { status: { from: 'open', to: 'in_progress' } }],
      [3, 'details-changed', 'Sam', { priority: { from: 'normal', to: 'high' } }],
      [4, 'comment', 'agent', 'Called back.'],
    ]);
  });

  it('keep their history once, whole and in order, when their events are handled again', async () => {
    const tenantId = await aTenant(at.db);
    const description = 'x'.repeat(9_000);
    const { id } = await aTicket(at.tenancy, tenantId, { ...squeak, description });
    await changeOne(tenantId, id, { status: 'in_progress', description: 'Short.', comment: 'Both at once.' });
    const before = await historyOf(tenantId, id);
    expect(before.map(({ kind }) => kind)).toEqual([
      'created',
      'status-changed',
      'details-changed',
      'comment',
    ]);
    expect(before[2]!.change).toEqual({ description: { from: description, to: 'Short.' } });
    const eventTypes = Object.values(ticketEvents);
    const replayed = { tenancy: at.tenancy, eventTypes };
    expect(await replayEvents(replayed, ticketHistoryProcessor, { tenantId })).toBe(3);
    expect(await historyOf(tenantId, id)).toEqual(before);
  });

  it('are as they were after a change that changes nothing', async () => {
    const tenantId = await aTenant(at.db);
    const ticket = await aTicket(at.tenancy, tenantId, squeak);
    expect(await changeOne(tenantId, ticket.id, { priority: 'normal' })).toEqual(ticket);
    expect(await historyOf(tenantId, ticket.id)).toHaveLength(1);
  });

  it('go only where a ticket may go, and stay closed', async () => {
    const tenantId = await aTenant(at.db);
    const { id } = await aTicket(at.tenancy, tenantId, squeak);
    await changeOne(tenantId, id, { status: 'resolved' });
    await expect(changeOne(tenantId, id, { status: 'open' })).rejects.toThrow(
      /is resolved and cannot become open; it can become in_progress or closed/,
    );
    await changeOne(tenantId, id, { status: 'closed' });
    await expect(changeOne(tenantId, id, { comment: 'again' })).rejects.toThrow(Conflict);
    await expect(aTicket(at.tenancy, tenantId, { subject: ' ', description: '' })).rejects.toThrow(
      InvalidInput,
    );
  });

  it('can reach closed from every state, and nothing from closed', () => {
    const statuses = ['open', 'in_progress', 'resolved', 'closed'] as const;
    for (const status of statuses) {
      expect(canBecome(status, 'closed')).toBe(status !== 'closed');
      expect(canBecome('closed', status)).toBe(false);
    }
  });
});
