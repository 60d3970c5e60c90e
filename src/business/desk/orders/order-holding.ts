import { sql } from 'kysely';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';

/** What orders store of a customer. An erasure keeps items and totals, which are not personal. */
export const orderHolding: CustomerHolding = {
  name: 'orders',
  hasEvents: true,
  ...customerRows({
    table: 'customer_order',
    kind: 'order',
    at: 'created_at',
    reference: 'reference',
    title: 'note',
    isVersioned: true,
  }),
  async exportPage(tx, customerId) {
    const { rows } = await sql<{ addressEncrypted: string | null }>`
      select id, reference, status, total_minor, currency, note, address_encrypted, created_at,
        (select json_agg(json_build_object('name', name, 'quantity', quantity, 'unitPriceMinor', unit_price_minor)
                         order by position)
         from order_item where order_item.tenant_id = customer_order.tenant_id and order_id = customer_order.id) as items
      from customer_order where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by created_at`.execute(
      tx,
    );
    const readable = rows.map(({ addressEncrypted, ...order }) => ({
      ...order,
      address: tx.cipher.decrypt(addressEncrypted),
    }));
    return { rows: readable, next: undefined };
  },
  async erase(tx, { orders = [] }) {
    const { rows } = await sql<{
      changed: number;
    }>`select forget_order_entries(${orders}) as changed`.execute(tx);
    return {
      orders: await changedRows(
        tx,
        sql`update customer_order set note = null, address_encrypted = null, version = version + 1
          where tenant_id = ${tx.tenantId} and id = any(${orders})
            and (note is not null or address_encrypted is not null)`,
      ),
      orderEntries: rows[0]!.changed,
    };
  },
};
