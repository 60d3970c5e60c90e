import { sql } from 'kysely';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';

/** What telephone messages store of a customer. */
export const messageHolding: CustomerHolding = {
  name: 'messages',
  hasEvents: true,
  ...customerRows({
    table: 'phone_message',
    kind: 'message',
    at: 'created_at',
    title: 'body',
    isVersioned: true,
  }),
  async exportPage(tx, customerId) {
    const { rows } = await sql<{ callbackPhoneEncrypted: string | null }>`
      select id, caller_name, callback_phone_encrypted, body, urgent, status, created_at
      from phone_message where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by created_at`.execute(
      tx,
    );
    const readable = rows.map(({ callbackPhoneEncrypted, ...message }) => ({
      ...message,
      callbackPhone: tx.cipher.decrypt(callbackPhoneEncrypted),
    }));
    return { rows: readable, next: undefined };
  },
  erase: async (tx, { messages = [] }) => ({
    phoneMessages: await changedRows(
      tx,
      sql`update phone_message set caller_name = null, callback_phone_encrypted = null, body = '', version = version + 1
        where tenant_id = ${tx.tenantId} and id = any(${messages})
          and (caller_name is not null or callback_phone_encrypted is not null or body <> '')`,
    ),
  }),
};
