import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

const outcomes = [
  'booked',
  'booking-moved',
  'booking-cancelled',
  'ordered',
  'order-cancelled',
  'ticket-opened',
  'ticket-updated',
  'message-taken',
  'transferred',
  'answered-question',
  'no-conversation',
];

/** Conversations on every channel, calls, and alerts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createConversation(db);
  await createCall(db);
  await createCallIndexes(db);
  await createCallText(db);
  await createDeletedCall(db);
  await createAlert(db);
}

/** A customer on a channel, until it is closed. Projected from the events of its stream. */
async function createConversation(db: Kysely<unknown>): Promise<void> {
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
    last_activity_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    closed_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references member (tenant_id, id)
  )`.execute(db);
  // One open conversation per customer and channel, also with concurrent messages.
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

/**
 * The record of calls, a projection of their events. Numbers, agents and versions are referenced without foreign keys,
 * because a call is recorded even if they were deleted during it.
 */
async function createCall(db: Kysely<unknown>): Promise<void> {
  await sql`create table call (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    call_sid text not null,
    direction text not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    agent_version_id text collate "C" not null,
    conversation_id text collate "C",
    customer_id text collate "C",
    -- Null once the caller was erased.
    from_encrypted text,
    -- Null for a number that is withheld.
    from_index text,
    to_phone text not null,
    status text not null check (status in ('in_progress', 'completed')),
    started_at timestamptz not null,
    answered_at timestamptz,
    ended_at timestamptz,
    ended_reason text,
    duration_ms integer,
    caller_turn_count integer not null default 0,
    reply_count integer not null default 0,
    interruption_count integer not null default 0,
    tool_call_count integer not null default 0,
    fault_count integer not null default 0,
    usage jsonb,
    cost jsonb,
    recording_key text,
    recording_duration_ms integer,
    recording_size_bytes integer,
    outcome jsonb,
    summary text,
    -- The last journal record that is in this row and its turns.
    last_sequence integer not null,
    finished_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, call_sid),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, conversation_id) references conversation (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'call');
  // The platform's staff see the number of calls of every tenant.
  await sql`create policy platform_rows on call for select to parley_system
    using (current_user = 'parley_system')`.execute(db);
  await sql`grant select on call to parley_system`.execute(db);

  await sql`create table call_turn (
    tenant_id text collate "C" not null,
    call_id text collate "C" not null,
    -- Of the journal record that opened the row.
    sequence integer not null,
    kind text not null check (kind in ('caller', 'agent', 'tool')),
    turn integer not null,
    start_offset_ms integer not null,
    end_offset_ms integer,
    at timestamptz not null,
    -- What the caller said, or what the caller heard of the agent.
    text text,
    source text,
    words jsonb,
    reply_id text collate "C",
    reply_kind text,
    generated_text text,
    heard_ms integer,
    interrupted boolean not null default false,
    interruption_cause text,
    latency jsonb,
    tool_call_id text,
    tool text,
    arguments jsonb,
    result jsonb,
    tool_status text,
    duration_ms integer,
    primary key (tenant_id, call_id, sequence),
    foreign key (tenant_id, call_id) references call (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'call_turn');
}

/** An index for each filter of calls. */
async function createCallIndexes(db: Kysely<unknown>): Promise<void> {
  const newest = sql.raw('started_at desc, id desc');
  await sql`create index call_newest on call (tenant_id, ${newest})`.execute(db);
  for (const column of ['number_id', 'agent_id', 'ended_reason']) {
    await sql`create index ${sql.ref(`call_${column}`)} on call (tenant_id, ${sql.ref(column)}, ${newest})`.execute(
      db,
    );
  }
  for (const column of ['customer_id', 'from_index', 'conversation_id']) {
    await sql`create index ${sql.ref(`call_${column}`)} on call (tenant_id, ${sql.ref(column)}, ${newest})
      where ${sql.ref(column)} is not null`.execute(db);
  }
  await sql`create index call_duration on call (tenant_id, duration_ms)`.execute(db);
  // All other calls are completed, for which the index of all calls is sufficient.
  await sql`create index call_going_on on call (tenant_id, ${newest}) where status = 'in_progress'`.execute(
    db,
  );
  // One for each outcome, because an index on the array would need an operator that is not leakproof, which row-level
  // security does not allow in an index.
  for (const outcome of outcomes) {
    await sql`create index ${sql.ref(`call_outcome_${outcome.replaceAll('-', '_')}`)} on call (tenant_id, ${newest})
      where outcome @> ${sql.lit(JSON.stringify([outcome]))}::jsonb`.execute(db);
  }
  await sql`create index call_of_platform_by_start on call (started_at)`.execute(db);
}

/**
 * The text of each call, for searching. Text search is not leakproof in PostgreSQL's sense, so under row-level security
 * it cannot use an index and would read every transcript of the tenant. It therefore runs in a `security definer`
 * function of the owner, to whom this one table is open; the function restricts the tenant in the search itself (each
 * text has its tenant's id as a word) and once more beside it. It returns ids and times only.
 */
async function createCallText(db: Kysely<unknown>): Promise<void> {
  await sql`create table call_text (
    tenant_id text collate "C" not null,
    call_id text collate "C" not null,
    started_at timestamptz not null,
    words tsvector not null,
    primary key (tenant_id, call_id),
    foreign key (tenant_id, call_id) references call (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index call_text_words on call_text using gin (words)`.execute(db);
  await tenantTable(db, 'call_text');
  // A constant, because any other policy would prevent the use of the index.
  await sql`create policy search_rows on call_text for select to current_user using (true)`.execute(db);

  await sql`create function find_calls_by_words(
      query text, started_after timestamptz, started_before timestamptz,
      cursor_at timestamptz, cursor_id text, at_most integer)
    returns table (id text, started_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public as $$
      select call_id, started_at from public.call_text
      where words @@ (websearch_to_tsquery('simple', $1)
                      && quote_literal(current_setting('app.tenant_id', true))::tsquery)
        -- Nothing but stop signs leaves an empty query, which would match every call.
        and numnode(websearch_to_tsquery('simple', $1)) > 0
        and tenant_id = current_setting('app.tenant_id', true)
        and started_at >= coalesce($2, '-infinity') and started_at < coalesce($3, 'infinity')
        and (started_at, call_id) < (coalesce($4, 'infinity'), coalesce($5, '~'))
      order by started_at desc, call_id desc
      limit $6
    $$`.execute(db);
  await sql`revoke all on function find_calls_by_words from public`.execute(db);
  await sql`grant execute on function find_calls_by_words to parley_app`.execute(db);
}

/** What remains of a deleted call: its share of the totals, and a tombstone, so that no late record restores it. */
async function createDeletedCall(db: Kysely<unknown>): Promise<void> {
  await sql`create table deleted_call (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    started_at timestamptz not null,
    was_answered boolean not null,
    duration_ms integer not null,
    usage jsonb,
    cost jsonb,
    deleted_at timestamptz not null default now(),
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index deleted_call_started on deleted_call (tenant_id, started_at)`.execute(db);
  await tenantTable(db, 'deleted_call', { tenant: ['select', 'insert'] });
}

/** Alerts to the people of a business, and who has read which. */
async function createAlert(db: Kysely<unknown>): Promise<void> {
  await sql`create table alert (
    tenant_id text collate "C" not null references tenant (id),
    -- Sorts by time: the newest first is the primary key backwards.
    id text collate "C" not null,
    kind text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    title text not null,
    body text not null default '',
    resource text,
    resource_id text,
    at timestamptz not null default now(),
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index alert_by_kind on alert (tenant_id, kind, id)`.execute(db);
  await sql`create index alert_by_resource on alert (tenant_id, resource_id) where resource_id is not null`.execute(
    db,
  );
  await tenantTable(db, 'alert', { tenant: ['select', 'insert'] });

  await sql`create table alert_read (
    tenant_id text collate "C" not null,
    member_id text collate "C" not null,
    alert_id text collate "C" not null,
    read_at timestamptz not null default now(),
    primary key (tenant_id, member_id, alert_id),
    foreign key (tenant_id, member_id) references member (tenant_id, id),
    foreign key (tenant_id, alert_id) references alert (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'alert_read', { tenant: ['select', 'insert'] });
}
