import type { Tx } from '../../tenancy/tx.ts';
import { type Insertable, sql, type Updateable } from 'kysely';
import type { ConversationMessageTable } from './conversation-message-table.ts';
import type { ConversationTable } from './conversation-table.ts';
import type { ConversationId, CustomerId, MemberId } from '../../tenancy/references/ids.ts';
import type { Channel } from './channel.ts';
import type { ConversationStatus } from './status.ts';

const columns = [
  'id',
  'customerId',
  'channel',
  'status',
  'assigneeId',
  'lastSequence',
  'lastActivityAt',
  'createdAt',
  'updatedAt',
  'closedAt',
] as const;

export function insertConversation(tx: Tx, conversation: Omit<Insertable<ConversationTable>, 'tenantId'>) {
  return (
    tx
      .insertInto('conversation')
      .values({ tenantId: tx.tenantId, ...conversation })
      // The customer has an open one on this channel already.
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns)
      .executeTakeFirst()
  );
}

export function findOpen(tx: Tx, customerId: CustomerId, channel: Channel) {
  return tx
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tx.tenantId)
    .where('customerId', '=', customerId)
    .where('channel', '=', channel)
    .where('status', '<>', 'closed')
    .forUpdate()
    .executeTakeFirst();
}

export function findById(tx: Tx, conversationId: ConversationId) {
  return tx
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', conversationId)
    .executeTakeFirst();
}

export type ConversationRow = NonNullable<Awaited<ReturnType<typeof findById>>>;

/** Holds the conversation until the transaction ends. */
export function lockById(tx: Tx, conversationId: ConversationId) {
  return tx
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', conversationId)
    .forUpdate()
    .executeTakeFirst();
}

export function updateConversation(
  tx: Tx,
  conversationId: ConversationId,
  changes: Updateable<ConversationTable>,
) {
  return tx
    .updateTable('conversation')
    .set(changes)
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', conversationId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export interface ConversationFilters {
  readonly status?: ConversationStatus | undefined;
  readonly channel?: Channel | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly assigneeId?: MemberId | undefined;
}

export interface Position {
  readonly lastActivityAt: Date;
  readonly id: string;
}

export interface ConversationWindow {
  readonly limit: number;
  readonly after: Position | undefined;
}

/** The latest activity first. */
export function listConversations(
  tx: Tx,
  filters: ConversationFilters,
  page: ConversationWindow,
): Promise<ConversationRow[]> {
  return selectConversations(tx, filters, page).execute();
}

/** The query of `listConversations`, for looking at its plan. */
export function selectConversations(tx: Tx, filters: ConversationFilters, page: ConversationWindow) {
  const { status, channel, customerId, assigneeId } = filters;
  let query = tx.selectFrom('conversation').select(columns).where('tenantId', '=', tx.tenantId);
  if (status !== undefined) query = query.where('status', '=', status);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (customerId !== undefined) query = query.where('customerId', '=', customerId);
  if (assigneeId !== undefined) query = query.where('assigneeId', '=', assigneeId);
  if (page.after !== undefined) {
    const { lastActivityAt, id } = page.after;
    query = query.where(sql<boolean>`(last_activity_at, id) < (${lastActivityAt}, ${id})`);
  }
  return query.orderBy('lastActivityAt', 'desc').orderBy('id', 'desc').limit(page.limit);
}

export function insertMessage(tx: Tx, message: Omit<Insertable<ConversationMessageTable>, 'tenantId'>) {
  return tx
    .insertInto('conversationMessage')
    .values({ tenantId: tx.tenantId, ...message })
    .execute();
}

/** In the order they were added. */
export function listMessages(
  tx: Tx,
  conversationId: ConversationId,
  page: {
    readonly kinds: readonly ConversationMessageTable['kind'][];
    readonly limit: number;
    readonly afterSequence: number;
  },
) {
  return selectMessages(tx, conversationId)
    .where('kind', 'in', page.kinds)
    .where('sequence', '>', page.afterSequence)
    .orderBy('sequence')
    .limit(page.limit)
    .execute();
}

/** The newest first. */
export function listLatestMessages(tx: Tx, conversationId: ConversationId, limit: number) {
  return selectMessages(tx, conversationId)
    .where('kind', '<>', 'note')
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
}

function selectMessages(tx: Tx, conversationId: ConversationId) {
  return tx
    .selectFrom('conversationMessage')
    .select(['sequence', 'kind', 'author', 'authorId', 'text', 'callId', 'toolCalls', 'at'])
    .where('tenantId', '=', tx.tenantId)
    .where('conversationId', '=', conversationId);
}

export type MessageRow = Awaited<ReturnType<typeof listMessages>>[number];

/** The open conversations of one customer on channels where another has an open one too. */
export function lockOpenOfBoth(tx: Tx, customerId: CustomerId, other: CustomerId) {
  return tx
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tx.tenantId)
    .where('customerId', '=', customerId)
    .where('status', '<>', 'closed')
    .where('channel', 'in', (query) =>
      query
        .selectFrom('conversation as theirs')
        .select('theirs.channel')
        .where('theirs.tenantId', '=', tx.tenantId)
        .where('theirs.customerId', '=', other)
        .where('theirs.status', '<>', 'closed'),
    )
    .forUpdate()
    .execute();
}

export async function moveConversations(tx: Tx, from: CustomerId, to: CustomerId) {
  await tx
    .updateTable('conversation')
    .set({ customerId: to })
    .where('tenantId', '=', tx.tenantId)
    .where('customerId', '=', from)
    .execute();
}
