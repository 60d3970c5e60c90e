import { type Kysely, sql } from 'kysely';

/**
 * Phone number, e-mail address and postal address are kept encrypted. Whoever has the same number or address is found
 * by the blind index beside it, which answers "is it this one?" and nothing else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table customer
    drop column phone,
    add column phone_encrypted text,
    add column phone_index text,
    add column email_encrypted text,
    add column email_index text,
    add column address_encrypted text,
    -- The name in lower case, and the same with the last word first: what a search for a beginning compares with.
    -- Comparing is all that row-level security lets an index do: it must not hand rows to an operator that could leak.
    add column name_key text collate "C",
    add column last_name_key text collate "C",
    -- The customer who took over everything; the row stays, so that its number still leads there.
    add column merged_into text collate "C",
    add column erased_at timestamptz,
    add foreign key (tenant_id, merged_into) references customer (tenant_id, id)`.execute(db);
  await sql`create unique index customer_phone on customer (tenant_id, phone_index)`.execute(db);
  await sql`create unique index customer_email on customer (tenant_id, email_index)`.execute(db);
  await sql`create index customer_name on customer (tenant_id, name_key)`.execute(db);
  await sql`create index customer_last_name on customer (tenant_id, last_name_key)`.execute(db);
  await sql`create index customer_merged on customer (tenant_id, merged_into) where merged_into is not null`.execute(
    db,
  );
}
