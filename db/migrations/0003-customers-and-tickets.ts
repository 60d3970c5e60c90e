import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table customer (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    phone text not null check (phone ~ '^\\+[1-9][0-9]{6,14}$'),
    name text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, phone)
  )`.execute(db);
  await tenantTable(db, 'customer');

  // Short numbers that can be said on the phone (T-1042), counted per tenant and kind.
  await sql`create table reference_counter (
    tenant_id text collate "C" not null references tenant (id),
    kind text not null check (kind in ('ticket', 'order', 'booking')),
    last_value integer not null,
    primary key (tenant_id, kind)
  )`.execute(db);
  await tenantTable(db, 'reference_counter');

  await sql`create table ticket (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    reference text not null,
    customer_id text collate "C",
    -- No foreign key: a tool writes during the call, the call's own row may follow later.
    call_id text collate "C",
    subject text not null,
    description text not null,
    category text not null,
    priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
    status text not null check (status in ('open', 'in_progress', 'resolved', 'closed')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
  )`.execute(db);
  await sql`create index ticket_customer on ticket (tenant_id, customer_id, created_at desc)`.execute(db);
  await tenantTable(db, 'ticket');

  // Everything that happened to a ticket, comments included, in order.
  await sql`create table ticket_entry (
    tenant_id text collate "C" not null,
    ticket_id text collate "C" not null,
    sequence integer not null check (sequence > 0),
    kind text not null check (kind in ('created', 'status-changed', 'details-changed', 'comment')),
    author text not null,
    body text,
    change jsonb,
    at timestamptz not null default now(),
    primary key (tenant_id, ticket_id, sequence),
    foreign key (tenant_id, ticket_id) references ticket (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'ticket_entry', { tenant: ['select', 'insert'] });
}
