import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** What callers ask, counted, and who asked it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table knowledge_question (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    -- The stems of its telling words, sorted: what makes two questions one.
    key text collate "C" not null,
    -- In the words of whoever asked it last.
    question text not null,
    language text not null,
    asked_count integer not null default 0,
    unanswered_count integer not null default 0,
    status text not null default 'open' check (status in ('open', 'answered', 'dismissed')),
    entry_id text collate "C",
    settled_at timestamptz,
    first_asked_at timestamptz not null,
    last_asked_at timestamptz not null,
    primary key (tenant_id, id),
    unique (tenant_id, language, key)
  )`.execute(db);
  for (const order of ['asked_count', 'unanswered_count', 'last_asked_at']) {
    const name = sql.raw(`knowledge_question_by_${order}`);
    const column = sql.raw(order);
    await sql`create index ${name} on knowledge_question (tenant_id, ${column} desc, id desc)`.execute(db);
  }
  await tenantTable(db, 'knowledge_question');

  // Once per conversation: who asks ten times is one caller.
  await sql`create table knowledge_question_ask (
    tenant_id text collate "C" not null,
    question_id text collate "C" not null,
    conversation text collate "C" not null,
    call_id text collate "C",
    asked_at timestamptz not null,
    answered boolean not null,
    primary key (tenant_id, question_id, conversation),
    foreign key (tenant_id, question_id) references knowledge_question (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index knowledge_question_ask_recent
    on knowledge_question_ask (tenant_id, question_id, asked_at desc)`.execute(db);
  await tenantTable(db, 'knowledge_question_ask');
}
