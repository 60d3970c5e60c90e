import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { allEventTypes } from '../../../../src/app/events.ts';
import {
  changeTicket,
  listTickets,
  ticketHistoryProcessor,
  ticketHolding,
} from '../../../../src/business/desk/tickets/tickets.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import { aCustomer, asAgent, aTenant, aTicket, useDatabase } from '../../a-business.ts';

const at = useDatabase();

describe('the tickets of a customer', () => {
  it('become another’s, and who has read them before does not change them unseen', async () => {
    const tenantId = await aTenant(at.db);
    const [one, other] = [await aCustomer(at.db, tenantId), await aCustomer(at.db, tenantId)];
    const squeak = { subject: 'Squeak', description: '', customerId: one.id };
    const ticket = await aTicket(at.tenancy, tenantId, squeak);
    await at.tenancy.run({ tenantId }, async (tx) => {
      await ticketHolding.moveTo(tx, { from: one.id, to: other.id, at: new Date() });
      expect((await listTickets(tx, { customerId: one.id, limit: 10 })).data).toEqual([]);
      const moved = { ...ticket, customerId: other.id, version: ticket.version + 1 };
      expect((await listTickets(tx, { customerId: other.id, limit: 10 })).data).toEqual([moved]);
    });
  });

  it('are erased with the words in their events, which can still be read and handled', async () => {
    const tenantId = await aTenant(at.db);
    const { id: customerId } = await aCustomer(at.db, tenantId);
    const { id } = await aTicket(at.tenancy, tenantId, {
      subject: 'Zuleika is unhappy',
      description: 'Lives at 5 Tern Lane',
      customerId,
    });
    const comment = 'Zuleika called again';
    await asAgent(at.tenancy, tenantId, (tx, agent) => changeTicket(tx, agent, id, { changes: { comment } }));
    const events = await at.tenancy.run({ tenantId }, async (tx) => {
      expect(await ticketHolding.erase(tx, { tickets: [id] })).toMatchObject({
        tickets: 1,
        ticketEntries: 2,
      });
      await sql`select forget_event_details(${[id]})`.execute(tx);
      return tx.selectFrom('eventRecord').select('data').where('stream', '=', id).execute();
    });
    expect(events).toHaveLength(2);
    expect(JSON.stringify(events)).not.toMatch(/zuleika|tern lane/i);
    const replay = { tenancy: at.tenancy, eventTypes: allEventTypes };
    expect(await replayEvents(replay, ticketHistoryProcessor, { tenantId })).toBe(2);
  });
});
