import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

/** A person signs in; a member is that person in one tenant; a session is one device of one member. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createPerson(db);
  await createSignInSteps(db);
  await createMember(db);
  await createSessions(db);
  await createApiKeys(db);
}

async function createPerson(db: Kysely<unknown>): Promise<void> {
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
  // The platform's staff search people by a prefix of the name.
  await sql`create index person_name_start on person (lower(name) text_pattern_ops)`.execute(db);
  await systemTable(db, 'person');
}

/** State between two requests of a client that is not signed in yet. */
async function createSignInSteps(db: Kysely<unknown>): Promise<void> {
  // Codes sent to phones; only the newest for a number and purpose is valid.
  await sql`create table one_time_code (
    id text collate "C" primary key,
    phone_index text not null,
    purpose text not null check (purpose in ('register', 'sign-in', 'reset-password')),
    -- Keyed: six digits are guessed in a moment by whoever reads a plain hash.
    code_hmac text not null,
    wrong_tries integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`.execute(db);
  // For the limits of a number, and its newest code.
  await sql`create index one_time_code_of_phone on one_time_code (phone_index, created_at desc)`.execute(db);
  await sql`create index one_time_code_by_age on one_time_code (created_at)`.execute(db);
  await systemTable(db, 'one_time_code');

  await sql`create table password_reset (
    token_sha256 text primary key,
    person_id text collate "C" not null references person (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`.execute(db);
  await sql`create index password_reset_of_person on password_reset (person_id)`.execute(db);
  await sql`create index password_reset_by_age on password_reset (created_at)`.execute(db);
  await systemTable(db, 'password_reset');

  // Sign-ins in progress at Google, with the values to compare with its answer.
  await sql`create table google_sign_in (
    -- Of the token that the browser keeps to itself, and that is in no address.
    token_sha256 text primary key,
    state text not null,
    nonce text not null,
    code_verifier_encrypted text not null,
    redirect_uri text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`.execute(db);
  await sql`create index google_sign_in_by_age on google_sign_in (created_at)`.execute(db);
  await systemTable(db, 'google_sign_in');

  // Attempts per identity across nodes; limits per address are counted elsewhere.
  await sql`create table attempt_count (
    subject text primary key,
    count integer not null,
    window_ends_at timestamptz not null
  )`.execute(db);
  await sql`create index attempt_count_by_end on attempt_count (window_ends_at)`.execute(db);
  await systemTable(db, 'attempt_count');
}

async function createMember(db: Kysely<unknown>): Promise<void> {
  await sql`create table member (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
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
  // Memberships are looked up across tenants when a person signs in.
  await sql`create index member_of_person on member (person_id) where status = 'active'`.execute(db);
  await tenantTable(db, 'member', {
    tenant: ['select', 'insert', 'update'],
    system: ['select', 'insert', 'update'],
  });
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

  // A session is a family of one-time refresh tokens; the second use of one ends the session.
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

async function createApiKeys(db: Kysely<unknown>): Promise<void> {
  await sql`create table api_key (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    name text not null,
    -- Hexadecimal. The key itself has 256 random bits, so a plain hash is enough and a lookup stays one index read.
    key_sha256 text not null unique,
    -- The end of the key, for people to tell their keys apart.
    hint text not null,
    mode text not null default 'test' check (mode in ('test', 'live')),
    -- Names of permissions, or "*" for all of them: what a key made by an operator's command has.
    scopes jsonb not null default '["*"]',
    -- Addresses and networks; empty lets it be used from anywhere.
    allowed_addresses jsonb not null default '[]',
    created_by text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id)
  )`.execute(db);
  // A presented key is looked up before its tenant is known.
  await tenantTable(db, 'api_key', { system: ['select', 'update'] });

  await sql`create table api_key_usage (
    tenant_id text collate "C" not null,
    api_key_id text collate "C" not null,
    -- In UTC.
    day date not null,
    endpoint text collate "C" not null,
    requests integer not null,
    errors integer not null,
    -- How many answers took how long: counts by the bounds in usage-histogram.ts.
    durations jsonb not null,
    primary key (tenant_id, api_key_id, day, endpoint),
    foreign key (tenant_id, api_key_id) references api_key (tenant_id, id)
  )`.execute(db);
  // Counted for all tenants at once, a few times a minute.
  await tenantTable(db, 'api_key_usage', { tenant: ['select'], system: ['select', 'insert', 'update'] });
}
