import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ticket
    alter column created_at type timestamptz(3),
    add column assignee_id text collate "C",
    add foreign key (tenant_id, assignee_id) references member (tenant_id, id)`.execute(db);
  await sql`drop index ticket_customer`.execute(db);
  for (const filter of ['customer_id', 'status', 'priority', 'category', 'assignee_id']) {
    const name = sql.ref(`ticket_by_${filter}`);
    await sql`create index ${name} on ticket (tenant_id, ${sql.ref(filter)}, created_at desc, id desc)`.execute(
      db,
    );
  }
  await sql`create index ticket_created on ticket (tenant_id, created_at desc, id desc)`.execute(db);
  await sql`create index ticket_call on ticket (tenant_id, call_id) where call_id is not null`.execute(db);
  await createWords(db);
}

/**
 * The words of each ticket. PostgreSQL's own text index is no use behind the tenant wall: its operator is not
 * leakproof, so it is only tried on rows the policy has let through, one by one. Words compare as plain text.
 */
async function createWords(db: Kysely<unknown>): Promise<void> {
  await sql`create table ticket_word (
    tenant_id text collate "C" not null,
    ticket_id text collate "C" not null,
    word text collate "C" not null,
    primary key (tenant_id, ticket_id, word),
    foreign key (tenant_id, ticket_id) references ticket (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index ticket_word_lookup on ticket_word (tenant_id, word, ticket_id)`.execute(db);
  await tenantTable(db, 'ticket_word');
  await sql`alter table ticket no force row level security`.execute(db);
  await sql`alter table ticket_word no force row level security`.execute(db);
  await sql`insert into ticket_word (tenant_id, ticket_id, word)
    select distinct tenant_id, id, left(word, 40)
    from ticket, regexp_split_to_table(lower(subject || ' ' || description || ' ' || category), '[^[:alnum:]]+') word
    where word <> ''`.execute(db);
  await sql`alter table ticket force row level security`.execute(db);
  await sql`alter table ticket_word force row level security`.execute(db);
}
