import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

/** A person signs in; a member is that person in one tenant; a session is one device of one member. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table person (
    id text collate "C" primary key,
    name text not null default '',
    -- Encrypted; the index beside each is a keyed hash of the same text, for look-up by equality.
    email_encrypted text,
    email_index text unique,
    email_verified_at timestamptz,
    phone_encrypted text,
    phone_index text unique,
    phone_verified_at timestamptz,
    password_hash text,
    google_subject text unique,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    disabled_at timestamptz
  )`.execute(db);
  await systemTable(db, 'person');

  await sql`create table member (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    -- Null until the invitation is accepted.
    person_id text collate "C" references person (id),
    role text not null check (role in ('owner', 'admin', 'manager', 'agent', 'viewer')),
    granted_permissions jsonb not null default '[]',
    denied_permissions jsonb not null default '[]',
    status text not null check (status in ('invited', 'active', 'removed')),
    name text not null default '',
    invited_email_encrypted text,
    invited_phone_encrypted text,
    -- Of the e-mail address or the phone number: one open invitation for each.
    invited_index text,
    invitation_sha256 text unique,
    invitation_expires_at timestamptz,
    invited_by text,
    joined_at timestamptz,
    removed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    check (status <> 'active' or person_id is not null)
  )`.execute(db);
  await sql`create unique index member_person on member (tenant_id, person_id) where status <> 'removed'`.execute(
    db,
  );
  await sql`create unique index member_invitation on member (tenant_id, invited_index) where status = 'invited'`.execute(
    db,
  );
  // Whoever signs in is looked for across tenants.
  await sql`create index member_of_person on member (person_id) where status = 'active'`.execute(db);
  await tenantTable(db, 'member', {
    tenant: ['select', 'insert', 'update'],
    system: ['select', 'insert', 'update'],
  });

  await createSessions(db);
  await sql`alter table tenant add column suspended_at timestamptz`.execute(db);
  await sql`grant update on tenant to parley_system`.execute(db);
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  await sql`create table session (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    member_id text collate "C" not null,
    person_id text collate "C" not null references person (id),
    device text not null default '',
    address text not null default '',
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_reason text,
    primary key (tenant_id, id),
    foreign key (tenant_id, member_id) references member (tenant_id, id)
  )`.execute(db);
  await sql`create index session_of_person on session (person_id) where ended_at is null`.execute(db);
  await sql`create index session_of_member on session (tenant_id, member_id) where ended_at is null`.execute(
    db,
  );
  await tenantTable(db, 'session', {
    tenant: ['select', 'update'],
    system: ['select', 'insert', 'update', 'delete'],
  });

  // A session is a family of refresh tokens: each is used once, and one used twice ends the session.
  await sql`create table refresh_token (
    tenant_id text collate "C" not null,
    session_id text collate "C" not null,
    token_sha256 text primary key,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    foreign key (tenant_id, session_id) references session (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index refresh_token_of_session on refresh_token (tenant_id, session_id)`.execute(db);
  await tenantTable(db, 'refresh_token', {
    tenant: ['select'],
    system: ['select', 'insert', 'update', 'delete'],
  });
}
