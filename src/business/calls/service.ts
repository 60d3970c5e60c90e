import type { Db } from '../../platform/db.ts';
import { InvalidInput, NotFound } from '../../platform/errors.ts';
import { type CallId, parseId, type TenantId } from '../../platform/ids.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import type { CallUsage } from './call-event.ts';
import type { CallRow, TurnRow } from './queries.ts';
import * as queries from './queries.ts';

export type CallSummary = CallRow;
export type Turn = TurnRow;

export interface CallDetail extends CallRow {
  readonly usage: CallUsage | null;
  /** In the order it was heard and done. */
  readonly transcript: readonly Turn[];
}

export interface CallPage {
  readonly calls: readonly CallSummary[];
  readonly nextCursor: string | null;
}

/** Newest first. The cursor is a call of the page before. */
export async function listCalls(
  db: Db,
  tenantId: TenantId,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<CallPage> {
  const before = page.cursor === undefined ? undefined : parseId('call', page.cursor);
  if (page.cursor !== undefined && before === undefined) {
    throw new InvalidInput('This cursor is not one of ours; begin again without it.', [
      { pointer: '/querystring/cursor', detail: 'is not a cursor' },
    ]);
  }
  const { limit } = page;
  const rows = await inTenant(db, tenantId, (transaction) =>
    // One more than asked for tells whether there is another page.
    queries.listCalls(transaction, tenantId, { before, limit: limit + 1 }),
  );
  const calls = rows.slice(0, limit);
  return { calls, nextCursor: rows.length > limit ? calls.at(-1)!.id : null };
}

export function getCall(db: Db, tenantId: TenantId, callId: CallId): Promise<CallDetail> {
  return inTenant(db, tenantId, async (transaction) => {
    const call = await queries.findCall(transaction, tenantId, callId);
    if (call === undefined) throw new NotFound('There is no such call.');
    const { finishedAt: _, ...shown } = call;
    return { ...shown, transcript: await queries.listTurns(transaction, tenantId, callId) };
  });
}
