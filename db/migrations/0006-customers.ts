import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * Phone number, e-mail address and postal address are stored encrypted. Customers are found by a blind index beside
 * them, which supports exact matches only.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table customer (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    name text,
    -- The name in lower case, and the same with the last word first: what a search for a beginning compares with.
    -- Comparing is all that row-level security lets an index do: it must not hand rows to an operator that could leak.
    name_key text collate "C",
    last_name_key text collate "C",
    phone_encrypted text,
    phone_index text,
    email_encrypted text,
    email_index text,
    address_encrypted text,
    -- The customer who took over everything; the row stays, so that its number still leads there.
    merged_into text collate "C",
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    erased_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, merged_into) references customer (tenant_id, id)
  )`.execute(db);
  await sql`create unique index customer_phone on customer (tenant_id, phone_index)`.execute(db);
  await sql`create unique index customer_email on customer (tenant_id, email_index)`.execute(db);
  await sql`create index customer_name on customer (tenant_id, name_key)`.execute(db);
  await sql`create index customer_last_name on customer (tenant_id, last_name_key)`.execute(db);
  await sql`create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null`.execute(
    db,
  );
  await tenantTable(db, 'customer');
}
