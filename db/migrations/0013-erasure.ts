import { type Kysely, sql } from 'kysely';

/** Fields that may have personal data in the data of an event, or in its `before`, `after` and `details`. */
const personalFields = [
  'from',
  'text',
  'words',
  'generatedText',
  'heardText',
  'arguments',
  'result',
  'digit',
  'note',
  'body',
  'name',
  'callerName',
  'phone',
  'callbackPhone',
  'email',
  'address',
  'subject',
  'description',
  'comment',
  'reason',
];

/**
 * Erasure of a person, and deletion of a call. Events, the audit log, histories and alerts cannot be updated; these
 * `security definer` functions are the only exception, each for one purpose, and only within the tenant of the
 * transaction. A separate step, because it needs all the tables before it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['event_record', 'audit_entry', 'ticket_entry', 'order_entry', 'alert']) {
    await sql`create policy forgetting on ${sql.table(table)} for all to current_user
      using (tenant_id = current_setting('app.tenant_id', true))`.execute(db);
  }
  await createForgetEvents(db);
  await createErased(db);
  await createFunction(
    db,
    'forget_event_details',
    sql`update public.event_record set data = public.erased(data)
      where tenant_id = current_setting('app.tenant_id', true) and stream = any ($1)
        and data is distinct from public.erased(data)`,
  );
  await createFunction(
    db,
    'forget_audit_details',
    sql`update public.audit_entry set before = null, after = null
      where tenant_id = current_setting('app.tenant_id', true) and resource_id = any ($1)
        and resource in ('customer', 'call', 'conversation', 'ticket', 'order', 'booking', 'message')
        and action <> 'customer.erased' and (before is not null or after is not null)`,
  );
  await createFunction(
    db,
    'forget_ticket_entries',
    sql`update public.ticket_entry set body = null, change = null
      where tenant_id = current_setting('app.tenant_id', true) and ticket_id = any ($1)
        and (body is not null or change is not null)`,
  );
  await createFunction(
    db,
    'forget_order_entries',
    sql`update public.order_entry set note = null
      where tenant_id = current_setting('app.tenant_id', true) and order_id = any ($1) and note is not null`,
  );
  // An alert quotes its subject.
  await createFunction(
    db,
    'forget_alerts',
    sql`update public.alert set title = 'Erased', body = ''
      where tenant_id = current_setting('app.tenant_id', true) and resource_id = any ($1)
        and (title <> 'Erased' or body <> '')`,
  );
}

/** Deletes whole streams of events: those of a deleted call or conversation. */
async function createForgetEvents(db: Kysely<unknown>): Promise<void> {
  await sql`create function forget_events(streams text[]) returns void
    language sql security definer set search_path = pg_catalog, public as $$
      delete from public.event_record
      where tenant_id = current_setting('app.tenant_id', true) and stream = any ($1)
    $$`.execute(db);
  await sql`revoke all on function forget_events from public`.execute(db);
  await sql`grant execute on function forget_events to parley_app`.execute(db);
}

/**
 * The data of an event without personal data. Fields of events observed on a call are removed; those of events of a
 * resource are emptied, because their schema requires them.
 */
async function createErased(db: Kysely<unknown>): Promise<void> {
  const fields = sql.raw(`array[${personalFields.map((field) => `'${field}'`).join(', ')}]`);
  await sql`create function erased(data jsonb) returns jsonb
    language sql immutable set search_path = pg_catalog, public as $$
      select coalesce(jsonb_object_agg(part.key, case
        when part.key in ('before', 'after', 'details') and jsonb_typeof(part.value) = 'object' then (
          select coalesce(jsonb_object_agg(field.key, case
            when field.key = any (${fields}) and jsonb_typeof(field.value) = 'string' then '""'::jsonb
            else field.value end), '{}')
          from jsonb_each(part.value) as field)
        else part.value end), '{}')
      from jsonb_each(data - ${fields}) as part
    $$`.execute(db);
}

/** Takes ids, and returns how many rows it changed. */
async function createFunction(
  db: Kysely<unknown>,
  name: string,
  statement: ReturnType<typeof sql>,
): Promise<void> {
  await sql`create function ${sql.ref(name)}(ids text[]) returns integer
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare changed integer;
    begin
      ${statement};
      get diagnostics changed = row_count;
      return changed;
    end $$`.execute(db);
  await sql`revoke all on function ${sql.ref(name)} from public`.execute(db);
  await sql`grant execute on function ${sql.ref(name)} to parley_app`.execute(db);
}
