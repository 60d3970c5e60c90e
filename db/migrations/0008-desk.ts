import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * The results of conversations. Calls are referenced without a foreign key, because a tool writes during the call, and
 * the call's own row may follow later. Times of cursors have milliseconds.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createBooking(db);
  await createOrder(db);
  await createTicket(db);
  await createPhoneMessage(db);
}

async function createBooking(db: Kysely<unknown>): Promise<void> {
  // Lets the exclusion constraint below compare ids with `=` beside ranges with `&&`.
  await sql`create extension if not exists btree_gist`.execute(db);
  await sql`create table booking (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    version integer not null default 1,
    reference text not null,
    service_id text collate "C" not null,
    resource_id text collate "C" not null,
    customer_id text collate "C" not null,
    call_id text collate "C",
    status text not null check (status in ('booked', 'completed', 'cancelled', 'no_show')),
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
  await sql`create index booking_start on booking (tenant_id, starts_at, id)`.execute(db);
  for (const filter of ['customer_id', 'status', 'service_id', 'resource_id']) {
    const name = sql.ref(`booking_by_${filter}`);
    await sql`create index ${name} on booking (tenant_id, ${sql.ref(filter)}, starts_at, id)`.execute(db);
  }
  await sql`create index booking_call on booking (tenant_id, call_id) where call_id is not null`.execute(db);
  await tenantTable(db, 'booking');
}

async function createOrder(db: Kysely<unknown>): Promise<void> {
  // Called customer_order because "order" would have to be quoted in every statement.
  await sql`create table customer_order (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    version integer not null default 1,
    reference text not null,
    customer_id text collate "C" not null,
    call_id text collate "C",
    status text not null check (status in ('placed', 'preparing', 'shipped', 'delivered', 'cancelled')),
    total_minor integer not null check (total_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    address_encrypted text,
    note text,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
  )`.execute(db);
  await sql`create index customer_order_created
    on customer_order (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_customer
    on customer_order (tenant_id, customer_id, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_status
    on customer_order (tenant_id, status, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_call on customer_order (tenant_id, call_id)
    where call_id is not null`.execute(db);
  await tenantTable(db, 'customer_order');

  // Name and price are copied, so that later changes of the catalogue do not affect an order.
  await sql`create table order_item (
    tenant_id text collate "C" not null,
    order_id text collate "C" not null,
    position integer not null,
    product_id text collate "C" not null,
    name text not null,
    quantity integer not null check (quantity > 0),
    unit_price_minor integer not null check (unit_price_minor >= 0),
    primary key (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references customer_order (tenant_id, id),
    foreign key (tenant_id, product_id) references product (tenant_id, id)
  )`.execute(db);
  // Used whenever a product is deleted.
  await sql`create index order_item_of_product on order_item (tenant_id, product_id)`.execute(db);
  await tenantTable(db, 'order_item');

  // The history of an order, a projection of its events.
  await sql`create table order_entry (
    tenant_id text collate "C" not null,
    order_id text collate "C" not null,
    sequence integer not null check (sequence > 0),
    kind text not null check (kind in ('placed', 'status-changed', 'details-changed')),
    author text not null,
    from_status text,
    to_status text,
    note text,
    event_position bigint not null,
    at timestamptz not null,
    primary key (tenant_id, order_id, sequence),
    -- An event that is handled again writes nothing.
    unique (tenant_id, order_id, event_position),
    foreign key (tenant_id, order_id) references customer_order (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'order_entry', { tenant: ['select', 'insert'] });
}

async function createTicket(db: Kysely<unknown>): Promise<void> {
  await sql`create table ticket (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    version integer not null default 1,
    reference text not null,
    customer_id text collate "C",
    call_id text collate "C",
    assignee_id text collate "C",
    subject text not null,
    description text not null,
    category text not null,
    priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
    status text not null check (status in ('open', 'in_progress', 'resolved', 'closed')),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references member (tenant_id, id)
  )`.execute(db);
  await sql`create index ticket_created on ticket (tenant_id, created_at desc, id desc)`.execute(db);
  for (const filter of ['customer_id', 'status', 'priority', 'category', 'assignee_id']) {
    const name = sql.ref(`ticket_by_${filter}`);
    await sql`create index ${name} on ticket (tenant_id, ${sql.ref(filter)}, created_at desc, id desc)`.execute(
      db,
    );
  }
  await sql`create index ticket_call on ticket (tenant_id, call_id) where call_id is not null`.execute(db);
  await tenantTable(db, 'ticket');

  // The history of a ticket with its comments, a projection of its events.
  await sql`create table ticket_entry (
    tenant_id text collate "C" not null,
    ticket_id text collate "C" not null,
    sequence integer not null check (sequence > 0),
    kind text not null check (kind in ('created', 'status-changed', 'details-changed', 'comment')),
    author text not null,
    body text,
    change jsonb,
    event_position bigint not null,
    at timestamptz not null,
    primary key (tenant_id, ticket_id, sequence),
    -- An event that is handled again writes nothing.
    unique (tenant_id, ticket_id, event_position, kind),
    foreign key (tenant_id, ticket_id) references ticket (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'ticket_entry', { tenant: ['select', 'insert'] });

  // The words of each ticket, for searching. PostgreSQL's full-text index cannot be used under row-level security,
  // because its operator is not leakproof and so is only evaluated on rows that have passed the policy. Equality of
  // text is leakproof.
  await sql`create table ticket_word (
    tenant_id text collate "C" not null,
    ticket_id text collate "C" not null,
    word text collate "C" not null,
    primary key (tenant_id, ticket_id, word),
    foreign key (tenant_id, ticket_id) references ticket (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index ticket_word_lookup on ticket_word (tenant_id, word, ticket_id)`.execute(db);
  await tenantTable(db, 'ticket_word');
}

async function createPhoneMessage(db: Kysely<unknown>): Promise<void> {
  await sql`create table phone_message (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    customer_id text collate "C",
    call_id text collate "C",
    assignee_id text collate "C",
    caller_name text,
    callback_phone_encrypted text,
    body text not null,
    urgent boolean not null default false,
    status text not null default 'new' check (status in ('new', 'handled')),
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    handled_at timestamptz(3),
    handled_by text,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id),
    foreign key (tenant_id, assignee_id) references member (tenant_id, id)
  )`.execute(db);
  await sql`create index phone_message_created
    on phone_message (tenant_id, created_at desc, id desc)`.execute(db);
  for (const filter of ['status', 'assignee_id', 'customer_id']) {
    const name = sql.ref(`phone_message_by_${filter}`);
    await sql`create index ${name}
      on phone_message (tenant_id, ${sql.ref(filter)}, created_at desc, id desc)`.execute(db);
  }
  await tenantTable(db, 'phone_message');
}
