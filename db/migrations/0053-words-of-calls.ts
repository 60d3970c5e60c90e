import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * What was said on each call, for searching. Matching text is not leak-proof in PostgreSQL's sense, so under row-level
 * security it never reaches an index: a search would read every transcript of the tenant. It therefore happens inside
 * one function of the owner's, for whom this one table is open; the function names the tenant, in the search itself
 * (each text holds its tenant's id as a word) and once more beside it. Ids and times are all that comes out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table call_text (
    tenant_id text collate "C" not null,
    call_id text collate "C" not null,
    started_at timestamptz not null,
    words tsvector not null,
    primary key (tenant_id, call_id),
    foreign key (tenant_id, call_id) references call (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index call_text_words on call_text using gin (words)`.execute(db);
  await tenantTable(db, 'call_text');
  // Constant, or it would keep the index waiting like any other policy.
  await sql`create policy search_rows on call_text for select to current_user using (true)`.execute(db);

  await sql`create function find_calls_by_words(
      query text, started_after timestamptz, started_before timestamptz,
      cursor_at timestamptz, cursor_id text, at_most integer)
    returns table (id text, started_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, public as $$
      select call_id, started_at from public.call_text
      where words @@ (websearch_to_tsquery('simple', $1)
                      && quote_literal(current_setting('app.tenant_id', true))::tsquery)
        -- Nothing but stop signs leaves an empty query, which would match every call.
        and numnode(websearch_to_tsquery('simple', $1)) > 0
        and tenant_id = current_setting('app.tenant_id', true)
        and started_at >= coalesce($2, '-infinity') and started_at < coalesce($3, 'infinity')
        and (started_at, call_id) < (coalesce($4, 'infinity'), coalesce($5, '~'))
      order by started_at desc, call_id desc
      limit $6
    $$`.execute(db);
  await sql`revoke all on function find_calls_by_words from public`.execute(db);
  await sql`grant execute on function find_calls_by_words to parley_app`.execute(db);
}
