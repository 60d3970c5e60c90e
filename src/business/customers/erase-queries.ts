import { sql } from 'kysely';
import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CallId, CustomerId } from '../tenancy/references/ids.ts';

/** The ids of everything that is a person's, by what it is. */
export interface PersonalRecords {
  readonly calls: readonly CallId[];
  readonly conversations: readonly string[];
  readonly orders: readonly string[];
  readonly bookings: readonly string[];
  readonly tickets: readonly string[];
  readonly messages: readonly string[];
}

export async function findRecords(
  db: Db,
  tenantId: TenantId,
  ids: readonly CustomerId[],
): Promise<PersonalRecords> {
  const idsIn = async (table: string): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(table)} where tenant_id = ${tenantId} and customer_id = any(${ids})`.execute(
      db,
    );
    return rows.map(({ id }) => id);
  };
  return {
    calls: (await idsIn('call')) as CallId[],
    conversations: await idsIn('conversation'),
    orders: await idsIn('customer_order'),
    bookings: await idsIn('booking'),
    tickets: await idsIn('ticket'),
    messages: await idsIn('phone_message'),
  };
}

export async function findRecordings(db: Db, tenantId: TenantId, calls: readonly CallId[]) {
  const { rows } = await sql<{ id: CallId; status: string; recordingKey: string | null }>`
    select id, status, recording_key from call
    where tenant_id = ${tenantId} and id = any(${calls})`.execute(db);
  return rows;
}

/** Makes every row of these records nobody's; tells how many of each kind changed. */
export async function forgetRecords(db: Db, tenantId: TenantId, records: PersonalRecords) {
  const { calls, conversations, orders, bookings, tickets, messages } = records;
  const change = async (statement: ReturnType<typeof sql>): Promise<number> =>
    Number((await statement.execute(db)).numAffectedRows ?? 0n);
  return {
    calls: await change(sql`update call
      set from_encrypted = null, from_index = null, summary = null, recording_key = null,
          recording_duration_ms = null, recording_size_bytes = null
      where tenant_id = ${tenantId} and id = any(${calls})
        and (from_encrypted is not null or from_index is not null or summary is not null or recording_key is not null)`),
    // Who said it and how fast the answer came stays: that is nobody's.
    turns: await change(sql`update call_turn
      set text = null, words = null, generated_text = null, arguments = null, result = null
      where tenant_id = ${tenantId} and call_id = any(${calls})
        and (text is not null or words is not null or generated_text is not null
             or arguments is not null or result is not null)`),
    searchTexts: await change(
      sql`delete from call_text where tenant_id = ${tenantId} and call_id = any(${calls})`,
    ),
    toolCalls: await change(sql`update tool_ledger set arguments = '{}', result = null
      where tenant_id = ${tenantId} and (call_id = any(${calls}) or chat_id = any(${conversations}))
        and (arguments <> '{}' or result is not null)`),
    conversationMessages: await change(sql`update conversation_message set text = null, tool_calls = null
      where tenant_id = ${tenantId} and conversation_id = any(${conversations})
        and (text is not null or tool_calls is not null)`),
    orders: await change(sql`update customer_order set note = null, address_encrypted = null
      where tenant_id = ${tenantId} and id = any(${orders}) and (note is not null or address_encrypted is not null)`),
    orderEntries: await forget(db, 'forget_order_entries', orders),
    bookings: await change(sql`update booking set note = null
      where tenant_id = ${tenantId} and id = any(${bookings}) and note is not null`),
    tickets: await change(sql`update ticket set subject = '', description = ''
      where tenant_id = ${tenantId} and id = any(${tickets}) and (subject <> '' or description <> '')`),
    ticketWords: await change(sql`delete from ticket_word
      where tenant_id = ${tenantId} and ticket_id = any(${tickets})`),
    ticketEntries: await forget(db, 'forget_ticket_entries', tickets),
    phoneMessages:
      await change(sql`update phone_message set caller_name = null, callback_phone_encrypted = null, body = ''
      where tenant_id = ${tenantId} and id = any(${messages})
        and (caller_name is not null or callback_phone_encrypted is not null or body <> '')`),
  };
}

type ForgettingFunction =
  | 'forget_event_details'
  | 'forget_audit_details'
  | 'forget_ticket_entries'
  | 'forget_order_entries'
  | 'forget_alerts';

/** The functions of `0090-forgetting-people`, for tables where nothing else may be changed. */
export async function forget(db: Db, name: ForgettingFunction, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ changed: number }>`select ${sql.raw(name)}(${ids}) as changed`.execute(db);
  return rows[0]!.changed;
}

/** The person's own rows: who was merged into the customer, and the customer. */
export async function forgetCustomers(db: Db, tenantId: TenantId, ids: readonly CustomerId[], at: Date) {
  const { numUpdatedRows } = await db
    .updateTable('customer')
    .set({
      phoneEncrypted: null,
      phoneIndex: null,
      emailEncrypted: null,
      emailIndex: null,
      addressEncrypted: null,
      name: null,
      nameKey: null,
      lastNameKey: null,
      erasedAt: at,
      updatedAt: at,
    })
    .where('tenantId', '=', tenantId)
    .where('id', 'in', ids)
    .where('erasedAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
