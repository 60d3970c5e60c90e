import { sql } from 'kysely';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';

/** What bookings store of a customer. An erasure keeps the booked time. */
export const bookingHolding: CustomerHolding = {
  name: 'bookings',
  hasEvents: true,
  ...customerRows({
    table: 'booking',
    kind: 'booking',
    at: 'created_at',
    reference: 'reference',
    title: 'note',
  }),
  async exportPage(tx, customerId) {
    const { rows } = await sql<object>`
      select id, reference, status, starts_at, ends_at, note, created_at
      from booking where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by created_at`.execute(
      tx,
    );
    return { rows, next: undefined };
  },
  erase: async (tx, { bookings = [] }) => ({
    bookings: await changedRows(
      tx,
      sql`update booking set note = null
        where tenant_id = ${tx.tenantId} and id = any(${bookings}) and note is not null`,
    ),
  }),
};
