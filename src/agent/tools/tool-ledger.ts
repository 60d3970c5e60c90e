import { createHash } from 'node:crypto';
import type { Tx } from '../../business/tenancy/tenancy.ts';
import type { CallId, ChatId, ConversationId } from '../../business/tenancy/ids/ids.ts';

/** One intended effect, identified by its key. */
export interface LedgerEntry {
  /** Set if there is no `chatId`. */
  readonly callId: CallId | undefined;
  readonly chatId: ChatId | ConversationId | undefined;
  readonly turn: number;
  readonly tool: string;
  readonly arguments: unknown;
  readonly key: string;
}

/** Equal for equal arguments, whatever order the model wrote them in. */
export function fingerprintOf(tool: string, args: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, canonical(args)]))
    .digest('hex');
}

export function idempotencyKey(
  occasion: CallId | ChatId | ConversationId,
  turn: number,
  fingerprint: string,
): string {
  return createHash('sha256').update(`${occasion}:${turn}:${fingerprint}`).digest('hex');
}

/**
 * Does `effect` exactly once per key, within the caller's transaction: the entry and the effect are written together
 * or not at all. A second transaction with the same key waits for the first and then finds its result.
 */
export async function once(tx: Tx, entry: LedgerEntry, effect: () => Promise<unknown>): Promise<unknown> {
  const { tenantId } = tx;
  const { key } = entry;
  const claimed = await tx
    .insertInto('toolLedger')
    .values({
      tenantId,
      idempotencyKey: key,
      callId: entry.callId ?? null,
      chatId: entry.chatId ?? null,
      turn: entry.turn,
      tool: entry.tool,
      arguments: JSON.stringify(entry.arguments),
      status: 'started',
      completedAt: null,
    })
    .onConflict((conflict) => conflict.columns(['tenantId', 'idempotencyKey']).doNothing())
    .returning('idempotencyKey')
    .executeTakeFirst();
  if (claimed === undefined) return findResult(tx, key);
  const result = await effect();
  await tx
    .updateTable('toolLedger')
    .set({ status: 'ok', result: JSON.stringify(result), completedAt: new Date() })
    .where('tenantId', '=', tenantId)
    .where('idempotencyKey', '=', key)
    .execute();
  return result;
}

async function findResult(tx: Tx, key: string): Promise<unknown> {
  const { result } = await tx
    .selectFrom('toolLedger')
    .select('result')
    .where('tenantId', '=', tx.tenantId)
    .where('idempotencyKey', '=', key)
    .executeTakeFirstOrThrow();
  return result;
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
}
