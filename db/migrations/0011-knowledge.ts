import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** The knowledge base, its search index, and the questions of callers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSource(db);
  await createChunk(db);
  await createWord(db);
  await createVector(db);
  await createQuestion(db);
}

/** Entries and files. */
async function createSource(db: Kysely<unknown>): Promise<void> {
  await sql`create table knowledge_source (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    -- Counts what people change; reading and indexing do not count.
    version integer not null default 1,
    kind text not null check (kind in ('entry', 'file')),
    -- The question of an entry, the name of a file.
    title text not null,
    -- The answer of an entry.
    body text,
    language text not null,
    status text not null check (status in ('queued', 'extracting', 'embedding', 'ready', 'failed')),
    failure text,
    -- Counts what was read: each new text, and each new reading of a file, counts one up.
    content_version integer not null default 1,
    chunk_count integer not null default 0,
    embedded_count integer not null default 0,
    media_type text,
    size_bytes integer,
    page_count integer,
    content_sha256 text,
    storage_key text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id),
    check ((kind = 'entry') = (body is not null)),
    check ((kind = 'file') = (storage_key is not null))
  )`.execute(db);
  await sql`create index knowledge_source_list on knowledge_source (tenant_id, kind, id)`.execute(db);
  await sql`create index knowledge_source_status on knowledge_source (tenant_id, kind, status, id)`.execute(
    db,
  );
  await sql`create unique index knowledge_source_content on knowledge_source (tenant_id, content_sha256)
    where kind = 'file'`.execute(db);
  await tenantTable(db, 'knowledge_source');
}

async function createChunk(db: Kysely<unknown>): Promise<void> {
  await sql`create table knowledge_chunk (
    tenant_id text collate "C" not null,
    source_id text collate "C" not null,
    content_version integer not null,
    position integer not null,
    heading_path text not null,
    body text not null,
    body_sha256 text not null,
    page integer,
    primary key (tenant_id, source_id, content_version, position),
    foreign key (tenant_id, source_id) references knowledge_source (tenant_id, id) on delete cascade
  )`.execute(db);
  await tenantTable(db, 'knowledge_chunk');
}

/**
 * An inverted index in rows. PostgreSQL's full-text index cannot be used under row-level security: its match operator
 * is not leakproof, so it is only evaluated on rows that have passed the policy, which is every chunk of the tenant.
 * Equality of words is leakproof, so this index is used, and it can weight rare words more than common ones, which
 * ts_rank cannot.
 */
async function createWord(db: Kysely<unknown>): Promise<void> {
  await sql`create table knowledge_word (
    tenant_id text collate "C" not null,
    -- Stems belong to a language: the same letters in two of them are two words.
    language text collate "C" not null,
    word text collate "C" not null,
    source_id text collate "C" not null,
    -- The chunks of the source that have the word, and how much it says about each.
    positions integer[] not null,
    weights real[] not null,
    primary key (tenant_id, language, word, source_id),
    foreign key (tenant_id, source_id) references knowledge_source (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index knowledge_word_of_source on knowledge_word (tenant_id, source_id)`.execute(db);
  await tenantTable(db, 'knowledge_word');
}

/**
 * The embedding of each chunk, normalised to length 1. With pgvector the database compares them; without it they are
 * stored as bytes (little-endian float32) and compared in this process. There is deliberately no index: one over all
 * tenants is filtered after the search, so that small tenants find little, and an exact search in ten thousand chunks
 * of one tenant takes about 15 ms.
 */
async function createVector(db: Kysely<unknown>): Promise<void> {
  const column = (await enableVectors(db)) ? 'vector(512)' : 'bytea';
  await sql`create table knowledge_vector (
    tenant_id text collate "C" not null,
    source_id text collate "C" not null,
    content_version integer not null,
    position integer not null,
    -- Vectors of two models are never compared.
    model text not null,
    embedding ${sql.raw(column)} not null,
    primary key (tenant_id, source_id, content_version, position),
    foreign key (tenant_id, source_id, content_version, position)
      references knowledge_chunk (tenant_id, source_id, content_version, position) on delete cascade
  )`.execute(db);
  // Values above 2 kB are moved out of the row (TOAST), where each needs a look-up of its own.
  await sql`alter table knowledge_vector alter column embedding set storage plain`.execute(db);
  await tenantTable(db, 'knowledge_vector');
}

/** False if the extension is not installed, or the login may not create it. */
async function enableVectors(db: Kysely<unknown>): Promise<boolean> {
  await sql`do $$ begin
    if exists (select from pg_available_extensions where name = 'vector') then
      create extension if not exists vector;
    end if;
  exception when insufficient_privilege then null;
  end $$`.execute(db);
  const { rows } = await sql`select from pg_extension where extname = 'vector'`.execute(db);
  return rows.length > 0;
}

/** What callers ask, counted, and who asked it. */
async function createQuestion(db: Kysely<unknown>): Promise<void> {
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

  // One row per conversation, so that a repeated question of one caller counts once.
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
