import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** A customer on a channel, until it is closed. Projected from the events of its stream. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table conversation (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    -- Null for who gives no number and no name.
    customer_id text collate "C",
    channel text not null
      check (channel in ('voice', 'web-chat', 'sms', 'whatsapp', 'messenger', 'instagram')),
    status text not null check (status in (
      'new_lead', 'engaged', 'awaiting_customer', 'dormant', 'escalated', 'waiting_for_payment', 'paid', 'closed')),
    assignee_id text collate "C",
    -- The last event that is in this row and its messages.
    last_sequence integer not null,
    last_activity_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    closed_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references member (tenant_id, id)
  )`.execute(db);
  // One open conversation per customer and channel, whoever gets there first.
  await sql`create unique index conversation_open on conversation (tenant_id, customer_id, channel)
    where status <> 'closed'`.execute(db);
  const newest = sql.raw('last_activity_at desc, id desc');
  await sql`create index conversation_newest on conversation (tenant_id, ${newest})`.execute(db);
  for (const column of ['status', 'channel', 'customer_id', 'assignee_id']) {
    await sql`create index ${sql.ref(`conversation_${column}`)}
      on conversation (tenant_id, ${sql.ref(column)}, ${newest})`.execute(db);
  }
  await tenantTable(db, 'conversation');

  await sql`create table conversation_message (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    -- Of the event that added it.
    sequence integer not null,
    kind text not null check (kind in ('text', 'call', 'note')),
    author text not null check (author in ('customer', 'agent', 'member', 'system')),
    author_id text collate "C",
    -- Null once its customer was erased, and for a call, whose words are in its transcript.
    text text,
    call_id text collate "C",
    tool_calls jsonb,
    at timestamptz not null,
    primary key (tenant_id, conversation_id, sequence),
    foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index conversation_message_call on conversation_message (tenant_id, call_id)
    where call_id is not null`.execute(db);
  await tenantTable(db, 'conversation_message');
}
