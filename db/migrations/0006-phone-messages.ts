import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table phone_message (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    customer_id text collate "C",
    call_id text collate "C",
    caller_name text,
    callback_phone text,
    body text not null,
    urgent boolean not null default false,
    status text not null default 'new' check (status in ('new', 'handled')),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
  )`.execute(db);
  await sql`create index phone_message_created on phone_message (tenant_id, created_at desc)`.execute(db);
  await tenantTable(db, 'phone_message');
}
