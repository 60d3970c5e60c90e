import { describe, expect, it } from 'vitest';
import {
  createTicket,
  findTicket,
  getTicket,
  listTicketEntries,
  listTicketsOfCustomer,
  updateTicket,
} from '../../../../src/business/desk/tickets/service.ts';
import { systemActor } from '../../../../src/business/tenancy/access/actor.ts';
import { canBecome } from '../../../../src/business/desk/tickets/ticket-status.ts';
import { Conflict, InvalidInput, NotFound } from '../../../../src/platform/process/errors.ts';
import { aCustomer, aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();
const squeak = { subject: 'Brakes squeak', description: 'Since the tune-up last week.' };

describe('tickets', () => {
  it('are numbered per tenant, from a number that can be said', async () => {
    const [tenantId, other] = [await aTenant(at.db), await aTenant(at.db)];
    const references = [];
    for (const tenant of [tenantId, tenantId, other]) {
      references.push((await createTicket(at.db, tenant, squeak)).reference);
    }
    expect(references).toEqual(['T-1001', 'T-1002', 'T-1001']);
  });

  it('get different numbers when opened at the same moment', async () => {
    const tenantId = await aTenant(at.db);
    const tickets = await Promise.all(Array.from({ length: 8 }, () => createTicket(at.db, tenantId, squeak)));
    expect(new Set(tickets.map(({ reference }) => reference)).size).toBe(8);
  });

  it('are found the way a caller says the number, and under the customer', async () => {
    const tenantId = await aTenant(at.db);
    const [customer, stranger] = [await aCustomer(at.db, tenantId), await aCustomer(at.db, tenantId)];
    const ticket = await createTicket(at.db, tenantId, { ...squeak, customerId: customer.id });
    for (const reference of ['T-1001', 't 1001', '1001', 'ticket number 10 01']) {
      expect(await findTicket(at.db, tenantId, { reference })).toEqual(ticket);
    }
    expect(await listTicketsOfCustomer(at.db, tenantId, customer.id)).toEqual([ticket]);
    const theirs = { reference: 'T-1001', customerId: stranger.id };
    expect(await findTicket(at.db, tenantId, theirs)).toBeUndefined();
    await expect(updateTicket(at.db, tenantId, { ...theirs, comment: 'hello' })).rejects.toThrow(NotFound);
    await expect(getTicket(at.db, tenantId, { reference: 'T-9' })).rejects.toMatchObject({
      code: 'reference-unknown',
      data: { reference: 'T-9' },
    });
  });

  it('keep a history of every change, with who made it', async () => {
    const tenantId = await aTenant(at.db);
    const { id, reference } = await createTicket(at.db, tenantId, squeak);
    await updateTicket(at.db, tenantId, {
      reference,
      status: 'in_progress',
      priority: 'high',
      actor: systemActor(tenantId, 'Sam'),
    });
    await updateTicket(at.db, tenantId, { reference, comment: 'Called back.' });
    const entries = await listTicketEntries(at.db, tenantId, id);
    expect(
      entries.map(({ sequence, kind, author, body, change }) => [sequence, kind, author, body ?? change]),
    ).toEqual([
      [1, 'created', 'agent', squeak.description],
      [2, 'status-changed', 'Sam', { status: { from: 'open', to: 'in_progress' } }],
      [3, 'details-changed', 'Sam', { priority: { from: 'normal', to: 'high' } }],
      [4, 'comment', 'agent', 'Called back.'],
    ]);
  });

  it('go only where a ticket may go, and stay closed', async () => {
    const tenantId = await aTenant(at.db);
    const { reference } = await createTicket(at.db, tenantId, squeak);
    await updateTicket(at.db, tenantId, { reference, status: 'resolved' });
    await expect(updateTicket(at.db, tenantId, { reference, status: 'open' })).rejects.toThrow(
      /is resolved and cannot become open; it can become in_progress or closed/,
    );
    await updateTicket(at.db, tenantId, { reference, status: 'closed' });
    await expect(updateTicket(at.db, tenantId, { reference, comment: 'again' })).rejects.toThrow(Conflict);
    await expect(createTicket(at.db, tenantId, { subject: ' ', description: '' })).rejects.toThrow(
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
