import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { listStream } from '../../tenancy/events/events.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { z } from 'zod';
import type { CallId } from '../../tenancy/ids/ids.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '../../../platform/data/paging.ts';
import type { CallUsage } from './call-record.ts';
import { callerIndexes } from './caller-number.ts';
import {
  type CallFilters,
  type CallPosition,
  type CallRow,
  listCalls as selectPage,
  listTurns,
  type TurnRow,
} from './call-queries.ts';
import { callTable } from './call-table.ts';
import { searchWords } from './call-words.ts';
import { journalStreamOf, readStoredEvent } from './journal-stream.ts';

export interface CallSummary extends Omit<CallRow, 'fromEncrypted'> {
  /** A number in E.164, or the carrier's word for one that is withheld; null once the caller was erased. */
  readonly fromPhone: string | null;
}

export type Turn = TurnRow;

export interface CallDetail extends CallSummary {
  readonly usage: CallUsage | null;
  /** In the order it was heard and done. */
  readonly transcript: readonly Turn[];
}

export interface CallPage {
  readonly calls: readonly CallSummary[];
  readonly nextCursor: string | null;
}

export interface ListCalls extends PageRequest, Omit<CallFilters, 'fromIndexes'> {
  /** The caller's number. */
  readonly from?: string | undefined;
  /** Words that were said. */
  readonly q?: string | undefined;
}

// How many calls with the words are read for one page. A common word is in most calls: the next cursor goes on where
// this search ended.
const searchedAtOnce = 2_000;
const noMatch: CallPage = { calls: [], nextCursor: null };

/**
 * Newest first. With `q` a page may be shorter than its limit, even empty, while there are more: it is the end only
 * when there is no next cursor.
 */
export async function listCalls(tx: Tx, request: ListCalls): Promise<CallPage> {
  const { limit, cursor, from, q, ...filters } = request;
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const fromIndexes = from === undefined ? undefined : callerIndexes(tx.cipher, from);
  // A text that is no telephone number matches no call.
  if (from !== undefined && fromIndexes === undefined) return noMatch;
  const found =
    q === undefined
      ? undefined
      : await searchWords(tx, {
          words: q,
          ...windowOf(filters),
          after,
          limit: searchedAtOnce,
        });
  if (found?.length === 0) return noMatch;
  const rows = await selectPage(
    tx,
    { ...filters, fromIndexes },
    // One more than asked for tells whether there is another page.
    { limit: limit + 1, after, among: found?.map(({ id }) => id) },
  );
  const calls = rows.slice(0, limit).map((row) => toSummary(tx.cipher, row));
  const searchedUpTo = found?.length === searchedAtOnce ? found.at(-1) : undefined;
  const last = rows.length > limit ? calls.at(-1) : searchedUpTo;
  return {
    calls,
    nextCursor: last === undefined ? null : encodeCursor([last.startedAt.getTime(), last.id]),
  };
}

function windowOf({ startedAfter, startedBefore }: CallFilters) {
  return { startedAfter, startedBefore };
}

function positionOf(cursor: string): CallPosition {
  const [startedAtMs, id] = decodeCursor(cursor, z.tuple([z.int(), z.string()]));
  return { startedAt: new Date(startedAtMs), id };
}

export async function getCall(tx: Tx, callId: CallId): Promise<CallDetail> {
  const { finishedAt: _, usage, ...shown } = await callTable.get(tx, callId);
  return { ...toSummary(tx.cipher, shown), usage, transcript: await listTurns(tx, callId) };
}

/** Its caller is null once the caller was erased. */
function toSummary(cipher: PersonalDataCipher, { fromEncrypted, ...row }: CallRow): CallSummary {
  return { ...row, fromPhone: cipher.decrypt(fromEncrypted) };
}

export interface CallEventEntry {
  readonly sequence: number;
  readonly type: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Everything on record of a call, in the order it happened. */
export async function listCallEvents(
  tx: Tx,
  callId: CallId,
  page: PageRequest,
): Promise<Page<CallEventEntry>> {
  await callTable.get(tx, callId);
  const { data, nextCursor } = await listStream(tx, journalStreamOf(callId), page);
  return {
    data: data.map(({ sequence, type, at, ...stored }) => ({
      sequence,
      type,
      at,
      data: readStoredEvent(tx.cipher, stored),
    })),
    nextCursor,
  };
}
