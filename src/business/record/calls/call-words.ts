import { sql } from 'kysely';
import type { CallId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { CallPosition } from './call-queries.ts';

/** The newest calls in which these words were said; `find_calls_by_words` says why it is a function. */
export async function searchWords(
  tx: Tx,
  search: {
    readonly words: string;
    readonly startedAfter: Date | undefined;
    readonly startedBefore: Date | undefined;
    readonly after: CallPosition | undefined;
    readonly limit: number;
  },
): Promise<readonly { readonly id: CallId; readonly startedAt: Date }[]> {
  const { words, startedAfter, startedBefore, after, limit } = search;
  const { rows } = await sql<{ id: CallId; startedAt: Date }>`
    select id, started_at from find_calls_by_words(${words}, ${startedAfter ?? null}, ${startedBefore ?? null},
      ${after?.startedAt ?? null}, ${after?.id ?? null}, ${limit})`.execute(tx);
  return rows;
}

/** Writes the text by which the call is found, from its turns. */
export async function indexWords(tx: Tx, callId: CallId): Promise<void> {
  await sql`
    insert into call_text (tenant_id, call_id, started_at, words)
    select tenant_id, id, started_at, array_to_tsvector(array[tenant_id]) || to_tsvector('simple', coalesce((
      select string_agg(text, ' ' order by sequence) from call_turn
      where call_turn.tenant_id = call.tenant_id and call_id = call.id and text is not null), ''))
    from call where tenant_id = ${tx.tenantId} and id = ${callId}
    on conflict (tenant_id, call_id) do update set words = excluded.words`.execute(tx);
}
