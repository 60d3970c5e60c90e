import type { Insertable } from 'kysely';
import { z } from 'zod';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import type { CallId, ConversationId, MemberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { ConversationMessage, ConversationNote } from './conversation.ts';
import type { ConversationMessageTable } from './conversation-message-table.ts';
import { conversationTable } from './conversation-table.ts';

const bySequence = keyset({ column: 'conversation_message.sequence', codec: z.int() });

/** In the order they were added, without the notes of the business. */
export async function listMessages(
  tx: Tx,
  id: ConversationId,
  request: PageRequest,
): Promise<Page<ConversationMessage>> {
  await conversationTable.get(tx, id);
  const { data, nextCursor } = await bySequence.page(selectMessages(tx, id, ['text', 'call']), request);
  return { data: data.map(toMessage), nextCursor };
}

/** The last messages in the order they were added: what an agent needs to go on. */
export async function recentMessages(
  tx: Tx,
  id: ConversationId,
  limit: number,
): Promise<readonly ConversationMessage[]> {
  const rows = await selectMessages(tx, id, ['text', 'call'])
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map(toMessage);
}

/** In the order they were added. */
export async function listNotes(
  tx: Tx,
  id: ConversationId,
  request: PageRequest,
): Promise<Page<ConversationNote>> {
  await conversationTable.get(tx, id);
  const { data, nextCursor } = await bySequence.page(selectMessages(tx, id, ['note']), request);
  const notes = data.map(({ sequence, at, text, authorId }) => ({
    sequence,
    at,
    text,
    memberId: authorId as MemberId | null,
  }));
  return { data: notes, nextCursor };
}

/** One that was written, or that there was a call. */
export async function findMessage(
  tx: Tx,
  id: ConversationId,
  sequence: number,
): Promise<ConversationMessage | undefined> {
  const row = await selectMessages(tx, id, ['text', 'call'])
    .where('sequence', '=', sequence)
    .executeTakeFirst();
  return row === undefined ? undefined : toMessage(row);
}

export async function insertMessage(
  tx: Tx,
  message: Omit<Insertable<ConversationMessageTable>, 'tenantId'>,
): Promise<void> {
  await tx
    .insertInto('conversationMessage')
    .values({ tenantId: tx.tenantId, ...message })
    .execute();
}

/** Takes a deleted call out of its conversation. */
export async function removeCall(tx: Tx, callId: CallId): Promise<void> {
  await tx
    .deleteFrom('conversationMessage')
    .where(matching('conversationMessage', { tenantId: tx.tenantId, callId }))
    .execute();
}

function selectMessages(
  tx: Tx,
  conversationId: ConversationId,
  kind: readonly ConversationMessageTable['kind'][],
) {
  return tx
    .selectFrom('conversationMessage')
    .select(['sequence', 'kind', 'author', 'authorId', 'text', 'callId', 'toolCalls', 'at'])
    .where(matching('conversationMessage', { tenantId: tx.tenantId, conversationId, kind }));
}

type MessageRow = Awaited<ReturnType<ReturnType<typeof selectMessages>['execute']>>[number];

function toMessage({ sequence, at, kind, callId, ...written }: MessageRow): ConversationMessage {
  if (kind === 'call') return { kind, sequence, at, callId: callId! };
  const { author, authorId, text, toolCalls } = written;
  return { kind: 'text', sequence, at, author, authorId, text, toolCalls: [...(toolCalls ?? [])] };
}
