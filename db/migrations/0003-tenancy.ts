import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Tenants, events, the audit log, reference counters and idempotency keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createTenant(db);
  await createEventRecord(db);
  await createAuditLog(db);
  await createReferenceCounter(db);
  await createIdempotencyKeys(db);
}

async function createTenant(db: Kysely<unknown>): Promise<void> {
  await sql`create table tenant (
    id text collate "C" primary key,
    version integer not null default 1,
    slug text not null unique,
    name text not null,
    time_zone text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    -- What the business says of itself. How it is reached is encrypted, as all addresses and numbers are.
    legal_name text,
    description text not null default '',
    website text,
    address_encrypted text,
    phone_encrypted text,
    email_encrypted text,
    languages jsonb not null default '[]',
    created_at timestamptz not null default now(),
    updated_at timestamptz(3) not null default now(),
    suspended_at timestamptz
  )`.execute(db);
  // The platform's staff search businesses by a prefix of name or slug.
  await sql`create index tenant_name_start on tenant (lower(name) text_pattern_ops)`.execute(db);
  await sql`create index tenant_slug_start on tenant (slug text_pattern_ops)`.execute(db);
  // A sign-up creates the tenant before it has members, and staff suspend one across tenants.
  await tenantTable(db, 'tenant', { tenantColumn: 'id', system: ['select', 'insert', 'update'] });
}

/** Append-only. A stream has its own sequence; the position orders the events of all streams. */
async function createEventRecord(db: Kysely<unknown>): Promise<void> {
  await sql`create table event_record (
    tenant_id text not null,
    stream text not null,
    sequence integer not null,
    -- Given at the insert, not at the commit: a later position may become visible before an earlier one.
    position bigint not null generated always as identity unique,
    type text not null,
    -- Of the schema that its data was written with.
    version smallint not null default 1,
    data jsonb not null,
    at timestamptz not null,
    -- Null where nobody acted: what was observed on a call.
    actor_type text,
    actor_id text,
    -- The member of the platform's staff who acted in the tenant's place.
    impersonated_by text,
    address text,
    constraint event_record_pkey primary key (tenant_id, stream, sequence)
  )`.execute(db);
  await sql`create index event_record_by_position on event_record (tenant_id, position)`.execute(db);
  // Replay for a new processor reads its types across tenants.
  await sql`create index event_record_by_type on event_record (type, position)`.execute(db);
  // No right to update or delete, because the record is append-only.
  await tenantTable(db, 'event_record', { tenant: ['select', 'insert'], system: ['select', 'insert'] });

  // One row per event and processor that runs as a job, so that a repeated job handles an event once.
  await sql`create table event_handled (
    tenant_id text collate "C" not null references tenant (id),
    processor text collate "C" not null,
    position bigint not null,
    handled_at timestamptz not null default now(),
    primary key (tenant_id, processor, position)
  )`.execute(db);
  // The progress of processors is shown across tenants.
  await tenantTable(db, 'event_handled', { system: ['select'] });
}

async function createAuditLog(db: Kysely<unknown>): Promise<void> {
  await sql`create table audit_entry (
    tenant_id text collate "C" not null references tenant (id),
    -- Sorts by time; the newest first is the primary key backwards.
    id text collate "C" not null,
    at timestamptz not null default now(),
    actor_type text not null,
    actor_id text not null,
    -- The member of the platform's staff who acted in the tenant's place.
    impersonated_by text,
    address text,
    action text not null,
    resource text not null,
    resource_id text,
    before jsonb,
    after jsonb,
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index audit_entry_by_actor on audit_entry (tenant_id, actor_id, id)`.execute(db);
  await sql`create index audit_entry_by_resource on audit_entry (tenant_id, resource, resource_id, id)`.execute(
    db,
  );
  await sql`create index audit_entry_by_action on audit_entry (tenant_id, action, id)`.execute(db);
  // No right to update or delete for anyone, because the log is append-only.
  await tenantTable(db, 'audit_entry', { tenant: ['select', 'insert'], system: ['select', 'insert'] });
}

/** Short numbers that can be said on the phone (T-1042), counted per tenant and kind. */
async function createReferenceCounter(db: Kysely<unknown>): Promise<void> {
  await sql`create table reference_counter (
    tenant_id text collate "C" not null references tenant (id),
    kind text not null check (kind in ('ticket', 'order', 'booking')),
    last_value integer not null,
    primary key (tenant_id, kind)
  )`.execute(db);
  await tenantTable(db, 'reference_counter');
}

async function createIdempotencyKeys(db: Kysely<unknown>): Promise<void> {
  await sql`create table idempotency_key (
    tenant_id text collate "C" not null references tenant (id),
    -- A key is its sender's: two programs of one tenant may choose the same.
    actor_id text not null,
    key text not null,
    request_sha256 text not null,
    created_at timestamptz not null default now(),
    -- Null while the request is being served.
    status integer,
    content_type text,
    -- Encrypted: the answer may hold what is shown only once.
    body_encrypted text,
    primary key (tenant_id, actor_id, key)
  )`.execute(db);
  await sql`create index idempotency_key_by_age on idempotency_key (created_at)`.execute(db);
  // A periodic job deletes what is old, of all tenants.
  await tenantTable(db, 'idempotency_key', { system: ['select', 'delete'] });
}
