import { sql } from 'kysely';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';

/** What tickets store of a customer. An erasure keeps the ticket without its texts. */
export const ticketHolding: CustomerHolding = {
  name: 'tickets',
  hasEvents: true,
  ...customerRows({
    table: 'ticket',
    kind: 'ticket',
    at: 'created_at',
    reference: 'reference',
    title: 'subject',
    isVersioned: true,
  }),
  async exportPage(tx, customerId) {
    const { rows } = await sql<object>`
      select id, reference, subject, description, category, priority, status, created_at,
        (select json_agg(json_build_object('kind', kind, 'body', body, 'at', at) order by sequence)
         from ticket_entry where ticket_entry.tenant_id = ticket.tenant_id and ticket_id = ticket.id) as entries
      from ticket where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by created_at`.execute(
      tx,
    );
    return { rows, next: undefined };
  },
  async erase(tx, { tickets = [] }) {
    const mine = sql`tenant_id = ${tx.tenantId}`;
    const { rows } = await sql<{
      changed: number;
    }>`select forget_ticket_entries(${tickets}) as changed`.execute(tx);
    return {
      tickets: await changedRows(
        tx,
        sql`update ticket set subject = '', description = '', version = version + 1
          where ${mine} and id = any(${tickets}) and (subject <> '' or description <> '')`,
      ),
      ticketWords: await changedRows(
        tx,
        sql`delete from ticket_word where ${mine} and ticket_id = any(${tickets})`,
      ),
      ticketEntries: rows[0]!.changed,
    };
  },
};
