import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table product (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    slug text not null,
    name text not null,
    description text not null default '',
    price_minor integer not null check (price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    available boolean not null default true,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, slug)
  )`.execute(db);
  await tenantTable(db, 'product');

  // Called customer_order because "order" would have to be quoted in every statement.
  await sql`create table customer_order (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    reference text not null,
    customer_id text collate "C" not null,
    call_id text collate "C",
    status text not null check (status in ('placed', 'preparing', 'shipped', 'delivered', 'cancelled')),
    total_minor integer not null check (total_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, reference),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
  )`.execute(db);
  await sql`create index customer_order_customer
    on customer_order (tenant_id, customer_id, created_at desc)`.execute(db);
  await tenantTable(db, 'customer_order');

  // Name and price are copied: what was agreed on the phone stays when the catalogue changes.
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
  await tenantTable(db, 'order_item');
}
