import { type Kysely, sql } from 'kysely';

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

/** The caller's number encrypted, the conversation a call belongs to, and an index for each way of looking for calls. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table call
    drop column from_phone,
    -- Null once the caller was erased.
    add column from_encrypted text,
    -- Null for a number that is withheld.
    add column from_index text,
    add column conversation_id text collate "C",
    add foreign key (tenant_id, conversation_id) references conversation (tenant_id, id)`.execute(db);
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
  // All others are completed: for those the index of all calls will do.
  await sql`create index call_going_on on call (tenant_id, ${newest}) where status = 'in_progress'`.execute(
    db,
  );
  // One for each outcome: an index over the list itself would need an operator that row-level security keeps waiting
  // until the rows are known to be the tenant's, which is too late for an index.
  for (const outcome of outcomes) {
    await sql`create index ${sql.ref(`call_outcome_${outcome.replaceAll('-', '_')}`)} on call (tenant_id, ${newest})
      where outcome @> ${sql.lit(JSON.stringify([outcome]))}::jsonb`.execute(db);
  }
}
