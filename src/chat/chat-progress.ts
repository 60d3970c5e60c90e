import type { ConversationId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import './chat-progress-table.ts';

/** One writer of answers at a time; held until `until`, or until its answer is stored. */
export interface AnswerLease {
  readonly conversationId: ConversationId;
  readonly until: Date;
  /** What was answered before. */
  readonly answeredSequence: number;
}

/** Undefined while another answer is being written. */
export async function takeAnswerLease(
  tx: Tx,
  conversationId: ConversationId,
  { now, leaseMs }: { readonly now: Date; readonly leaseMs: number },
): Promise<AnswerLease | undefined> {
  const until = new Date(now.getTime() + leaseMs);
  const taken = await tx
    .insertInto('chatProgress')
    .values({ tenantId: tx.tenantId, conversationId, answeredSequence: 0, answeringUntil: until })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'conversationId'])
        .doUpdateSet({ answeringUntil: until })
        .where((held) =>
          held.or([
            held('chatProgress.answeringUntil', 'is', null),
            held('chatProgress.answeringUntil', '<=', now),
          ]),
        ),
    )
    .returning('answeredSequence')
    .executeTakeFirst();
  return taken === undefined ? undefined : { conversationId, until, ...taken };
}

/** Without an answer. Changes nothing once another writer has the lease. */
export async function releaseAnswerLease(tx: Tx, { conversationId, until }: AnswerLease): Promise<void> {
  await tx
    .updateTable('chatProgress')
    .set({ answeringUntil: null })
    .where('tenantId', '=', tx.tenantId)
    .where('conversationId', '=', conversationId)
    .where('answeringUntil', '=', until)
    .execute();
}

/** Ends the lease too. False when that message, or a later one, has been answered already. */
export async function markAnswered(
  tx: Tx,
  conversationId: ConversationId,
  sequence: number,
): Promise<boolean> {
  const marked = await tx
    .insertInto('chatProgress')
    .values({ tenantId: tx.tenantId, conversationId, answeredSequence: sequence, answeringUntil: null })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'conversationId'])
        .doUpdateSet({ answeredSequence: sequence, answeringUntil: null })
        .where('chatProgress.answeredSequence', '<', sequence),
    )
    .returning('conversationId')
    .executeTakeFirst();
  return marked !== undefined;
}
