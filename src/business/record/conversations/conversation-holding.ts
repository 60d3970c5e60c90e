import { sql } from 'kysely';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';
import { moveConversations } from './conversation-service.ts';

/** What conversations store of a customer. */
export const conversationHolding: CustomerHolding = {
  name: 'conversations',
  hasEvents: true,
  ...customerRows({ table: 'conversation', kind: 'conversation', at: 'created_at', title: 'channel' }),
  moveTo: (tx, move) => moveConversations(tx, move),
  async exportPage(tx, customerId) {
    const { rows } = await sql<object>`
      select id, channel, status, created_at, closed_at,
        (select json_agg(json_build_object('kind', kind, 'author', author, 'text', text, 'callId', call_id, 'at', at)
                         order by sequence)
         from conversation_message as message
         where message.tenant_id = conversation.tenant_id and conversation_id = conversation.id) as messages
      from conversation where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by created_at`.execute(
      tx,
    );
    return { rows, next: undefined };
  },
  erase: async (tx, { conversations = [] }) => ({
    conversationMessages: await changedRows(
      tx,
      sql`update conversation_message set text = null, tool_calls = null
        where tenant_id = ${tx.tenantId} and conversation_id = any(${conversations})
          and (text is not null or tool_calls is not null)`,
    ),
  }),
};
