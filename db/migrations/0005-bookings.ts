import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  // Lets the exclusion constraint below compare ids with `=` beside ranges with `&&`.
  await sql`create extension if not exists btree_gist`.execute(db);

  await sql`create table service (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    slug text not null,
    name text not null,
    description text not null default '',
    duration_minutes integer not null check (duration_minutes between 5 and 1440),
    buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 480),
    price_minor integer not null check (price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, slug)
  )`.execute(db);
  await tenantTable(db, 'service');

  // What can be busy: a person, a chair, a work stand.
  await sql`create table booking_resource (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    slug text not null,
    name text not null,
    active boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, slug)
  )`.execute(db);
  await tenantTable(db, 'booking_resource');

  await createOpeningTimes(db);
  await createBooking(db);
}

/** Minutes since local midnight; 1440 is the end of the day, which the type `time` has no good word for. */
async function createOpeningTimes(db: Kysely<unknown>): Promise<void> {
  await sql`create table opening_hours (
    tenant_id text collate "C" not null references tenant (id),
    weekday integer not null check (weekday between 1 and 7),
    opens_at_minute integer not null check (opens_at_minute between 0 and 1439),
    closes_at_minute integer not null check (closes_at_minute between 1 and 1440),
    primary key (tenant_id, weekday, opens_at_minute),
    check (opens_at_minute < closes_at_minute)
  )`.execute(db);
  await tenantTable(db, 'opening_hours');

  // Both minutes null: closed all day. The date is text because drivers turn a date into an instant.
  await sql`create table opening_exception (
    tenant_id text collate "C" not null references tenant (id),
    local_date text not null check (local_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    opens_at_minute integer check (opens_at_minute between 0 and 1439),
    closes_at_minute integer check (closes_at_minute between 1 and 1440),
    reason text not null default '',
    primary key (tenant_id, local_date),
    check ((opens_at_minute is null) = (closes_at_minute is null)),
    check (opens_at_minute < closes_at_minute)
  )`.execute(db);
  await tenantTable(db, 'opening_exception');
}

async function createBooking(db: Kysely<unknown>): Promise<void> {
  await sql`create table booking (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    reference text not null,
    service_id text collate "C" not null,
    resource_id text collate "C" not null,
    customer_id text collate "C" not null,
    call_id text collate "C",
    status text not null check (status in ('booked', 'completed', 'cancelled')),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- The end of the service plus its buffer: until then the resource is busy.
    blocked_until timestamptz not null,
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, service_id) references service (tenant_id, id),
    foreign key (tenant_id, resource_id) references booking_resource (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    check (starts_at < ends_at and ends_at <= blocked_until),
    -- Double booking is impossible here, whatever the code above believes.
    constraint booking_no_overlap exclude using gist (
      tenant_id with =,
      resource_id with =,
      tstzrange(starts_at, blocked_until) with &&
    ) where (status = 'booked')
  )`.execute(db);
  await sql`create index booking_customer on booking (tenant_id, customer_id, starts_at desc)`.execute(db);
  await sql`create index booking_start on booking (tenant_id, starts_at)`.execute(db);
  await tenantTable(db, 'booking');
}
