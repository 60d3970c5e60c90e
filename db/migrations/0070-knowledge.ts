import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** What a business has written down for its agent: entries and files, cut into chunks, with the index of their words. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table knowledge_source (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    kind text not null check (kind in ('entry', 'file')),
    -- The question of an entry, the name of a file.
    title text not null,
    -- The answer of an entry.
    body text,
    language text not null,
    status text not null check (status in ('queued', 'extracting', 'embedding', 'ready', 'failed')),
    failure text,
    -- Counts what was read: each new text or new reading of a file is a version.
    version integer not null default 1,
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

  await sql`create table knowledge_chunk (
    tenant_id text collate "C" not null,
    source_id text collate "C" not null,
    version integer not null,
    position integer not null,
    heading_path text not null,
    body text not null,
    body_sha256 text not null,
    page integer,
    primary key (tenant_id, source_id, version, position),
    foreign key (tenant_id, source_id) references knowledge_source (tenant_id, id) on delete cascade
  )`.execute(db);
  await tenantTable(db, 'knowledge_chunk');

  await createWords(db);
}

/**
 * An inverted index in rows of our own. PostgreSQL's full-text index is of no use behind row-level security: its
 * match operator may leak what it sees, so it is only tried on rows the policy has let through, which is every chunk
 * of the tenant. Equality of words does not leak, so this index is used, and it can weigh rare words more than common
 * ones, which ts_rank cannot.
 */
async function createWords(db: Kysely<unknown>): Promise<void> {
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
