import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';

type Row = Readonly<Record<string, unknown>>;

/** What a customer did besides calling and writing, as it stands. */
export async function listOwnRecords(db: Db, tenantId: TenantId, customerId: CustomerId) {
  const mine = sql`tenant_id = ${tenantId} and customer_id = ${customerId}`;
  const rowsOf = async (statement: RawBuilder<Row>): Promise<readonly Row[]> =>
    (await statement.execute(db)).rows;
  return {
    orders:
      await rowsOf(sql`select id, reference, status, total_minor, currency, note, address_encrypted, created_at,
        (select json_agg(json_build_object('name', name, 'quantity', quantity, 'unitPriceMinor', unit_price_minor)
                         order by position)
         from order_item where order_item.tenant_id = customer_order.tenant_id and order_id = customer_order.id) as items
      from customer_order where ${mine} order by created_at`),
    bookings: await rowsOf(sql`select id, reference, status, starts_at, ends_at, note, created_at
      from booking where ${mine} order by created_at`),
    tickets:
      await rowsOf(sql`select id, reference, subject, description, category, priority, status, created_at,
        (select json_agg(json_build_object('kind', kind, 'body', body, 'at', at) order by sequence)
         from ticket_entry where ticket_entry.tenant_id = ticket.tenant_id and ticket_id = ticket.id) as entries
      from ticket where ${mine} order by created_at`),
    messages:
      await rowsOf(sql`select id, caller_name, callback_phone_encrypted, body, urgent, status, created_at
      from phone_message where ${mine} order by created_at`),
    conversations: await rowsOf(sql`select id, channel, status, created_at, closed_at,
        (select json_agg(json_build_object('kind', kind, 'author', author, 'text', text, 'callId', call_id, 'at', at)
                         order by sequence)
         from conversation_message as message
         where message.tenant_id = conversation.tenant_id and conversation_id = conversation.id) as messages
      from conversation where ${mine} order by created_at`),
  };
}

/** The calls of a customer with what was said, oldest first, a few at a time. */
export async function listCallsWithWords(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  page: {
    readonly after: { readonly startedAt: Date; readonly id: string } | undefined;
    readonly limit: number;
  },
) {
  const after =
    page.after === undefined
      ? sql``
      : sql`and (started_at, id) > (${page.after.startedAt}, ${page.after.id})`;
  const { rows } = await sql<{ id: string; startedAt: Date; fromEncrypted: string | null }>`
    select id, started_at, ended_at, duration_ms, from_encrypted, outcome, summary,
      (select json_agg(json_build_object('kind', kind, 'text', text, 'tool', tool, 'arguments', arguments,
                                         'result', result, 'at', at) order by start_offset_ms, sequence)
       from call_turn where call_turn.tenant_id = call.tenant_id and call_id = call.id) as transcript
    from call where tenant_id = ${tenantId} and customer_id = ${customerId} ${after}
    order by started_at, id limit ${page.limit}`.execute(db);
  return rows;
}
