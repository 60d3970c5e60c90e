import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** The catalogue and opening hours. What was booked or ordered is archived, not deleted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createProduct(db);
  await createServices(db);
  await createOpeningTimes(db);
}

async function createProduct(db: Kysely<unknown>): Promise<void> {
  await sql`create table product (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    slug text not null,
    name text not null,
    description text not null default '',
    price_minor integer not null check (price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz(3) not null default now(),
    archived_at timestamptz(3),
    primary key (tenant_id, id),
    unique (tenant_id, slug),
    check (archived_at is null or not active)
  )`.execute(db);
  await sql`create index product_by_name on product (tenant_id, name, id)`.execute(db);
  await tenantTable(db, 'product');
}

async function createServices(db: Kysely<unknown>): Promise<void> {
  await sql`create table service (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    slug text not null,
    name text not null,
    description text not null default '',
    duration_minutes integer not null check (duration_minutes between 5 and 1440),
    buffer_minutes integer not null default 0 check (buffer_minutes between 0 and 480),
    price_minor integer not null check (price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz(3) not null default now(),
    archived_at timestamptz(3),
    primary key (tenant_id, id),
    unique (tenant_id, slug),
    check (archived_at is null or not active)
  )`.execute(db);
  await sql`create index service_by_name on service (tenant_id, name, id)`.execute(db);
  await tenantTable(db, 'service');

  // What a booking reserves: a person, a chair, a work stand.
  await sql`create table booking_resource (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    slug text not null,
    name text not null,
    kind text not null default 'person' check (kind in ('person', 'place', 'equipment')),
    active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz(3) not null default now(),
    archived_at timestamptz(3),
    primary key (tenant_id, id),
    unique (tenant_id, slug),
    check (archived_at is null or not active)
  )`.execute(db);
  await sql`create index booking_resource_by_name on booking_resource (tenant_id, name, id)`.execute(db);
  await tenantTable(db, 'booking_resource');

  // Which resources perform a service; a service without any is performed by every resource.
  await sql`create table service_resource (
    tenant_id text collate "C" not null,
    service_id text collate "C" not null,
    resource_id text collate "C" not null,
    primary key (tenant_id, service_id, resource_id),
    foreign key (tenant_id, service_id) references service (tenant_id, id) on delete cascade,
    foreign key (tenant_id, resource_id) references booking_resource (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index service_resource_of_resource
    on service_resource (tenant_id, resource_id, service_id)`.execute(db);
  await tenantTable(db, 'service_resource');
}

/** Minutes since local midnight; 1440 is the end of the day, which the type `time` cannot express well. */
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

  // One row per range of a special day, or a single row with both minutes null: closed all day. The date is text
  // because drivers turn a date into an instant.
  await sql`create table opening_exception (
    tenant_id text collate "C" not null references tenant (id),
    local_date text not null check (local_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    opens_at_minute integer check (opens_at_minute between 0 and 1439),
    closes_at_minute integer check (closes_at_minute between 1 and 1440),
    reason text not null default '',
    check ((opens_at_minute is null) = (closes_at_minute is null)),
    check (opens_at_minute < closes_at_minute)
  )`.execute(db);
  await sql`create unique index opening_exception_range
    on opening_exception (tenant_id, local_date, coalesce(opens_at_minute, -1))`.execute(db);
  await tenantTable(db, 'opening_exception');
}
