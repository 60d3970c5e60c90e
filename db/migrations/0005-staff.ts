import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

/** The platform's staff, who are members of no tenant: accounts, sessions and a log of their actions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table staff (
    id text collate "C" primary key,
    name text not null,
    email_encrypted text not null,
    email_index text not null unique,
    password_hash text not null,
    -- Null for those made by a command.
    created_by text,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
  )`.execute(db);
  await systemTable(db, 'staff');

  await sql`create table staff_session (
    id text collate "C" primary key,
    staff_id text collate "C" not null references staff (id),
    device text not null,
    address text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
  )`.execute(db);
  await sql`create index staff_session_of_staff on staff_session (staff_id) where ended_at is null`.execute(
    db,
  );
  await systemTable(db, 'staff_session');

  await sql`create table staff_action (
    id text collate "C" primary key,
    staff_id text collate "C" not null,
    at timestamptz not null default now(),
    address text,
    action text not null,
    subject_id text,
    details jsonb not null default '{}'
  )`.execute(db);
  // No right to update or delete, because the log is append-only.
  await systemTable(db, 'staff_action', ['select', 'insert']);

  await sql`create table impersonation (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    staff_session_id text collate "C" not null references staff_session (id),
    staff_id text collate "C" not null references staff (id),
    reason text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index impersonation_of_session on impersonation (staff_session_id)`.execute(db);
  // A tenant may read its impersonations and not change them.
  await tenantTable(db, 'impersonation', { tenant: ['select'], system: ['select', 'insert', 'update'] });
}
