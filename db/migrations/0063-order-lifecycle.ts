import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Products that are put away, addresses of orders, and every step of an order on record. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table product
    add column archived_at timestamptz(3),
    add column updated_at timestamptz(3) not null default now(),
    add check (archived_at is null or not available)`.execute(db);
  await sql`create index product_by_name on product (tenant_id, name, id)`.execute(db);
  // Asked whenever a product is removed.
  await sql`create index order_item_of_product on order_item (tenant_id, product_id)`.execute(db);

  // Pages are found by the time of their last row, which clients know to the millisecond.
  await sql`alter table customer_order
    alter column created_at type timestamptz(3),
    add column address_encrypted text`.execute(db);
  await sql`drop index customer_order_customer`.execute(db);
  await sql`create index customer_order_customer
    on customer_order (tenant_id, customer_id, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_created
    on customer_order (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_status
    on customer_order (tenant_id, status, created_at desc, id desc)`.execute(db);
  await sql`create index customer_order_call on customer_order (tenant_id, call_id)
    where call_id is not null`.execute(db);

  await sql`create table order_entry (
    tenant_id text collate "C" not null,
    order_id text collate "C" not null,
    sequence integer not null check (sequence > 0),
    kind text not null check (kind in ('placed', 'status-changed', 'details-changed')),
    author text not null,
    from_status text,
    to_status text,
    note text,
    at timestamptz not null default now(),
    primary key (tenant_id, order_id, sequence),
    foreign key (tenant_id, order_id) references customer_order (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'order_entry', { tenant: ['select', 'insert'] });
}
