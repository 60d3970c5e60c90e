import { type Insertable, sql, type Updateable } from 'kysely';
import type { ConversationMessageTable } from './conversation-message-table.ts';
import type { ConversationTable } from './conversation-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
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

export function insertConversation(
  db: Db,
  tenantId: TenantId,
  conversation: Omit<Insertable<ConversationTable>, 'tenantId'>,
) {
  return (
    db
      .insertInto('conversation')
      .values({ tenantId, ...conversation })
      // The customer has an open one on this channel already.
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns)
      .executeTakeFirst()
  );
}

export function findOpen(db: Db, tenantId: TenantId, customerId: CustomerId, channel: Channel) {
  return db
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('customerId', '=', customerId)
    .where('channel', '=', channel)
    .where('status', '<>', 'closed')
    .forUpdate()
    .executeTakeFirst();
}

export function findById(db: Db, tenantId: TenantId, conversationId: ConversationId) {
  return db
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', conversationId)
    .executeTakeFirst();
}

export type ConversationRow = NonNullable<Awaited<ReturnType<typeof findById>>>;

/** Holds the conversation until the transaction ends. */
export function lockById(db: Db, tenantId: TenantId, conversationId: ConversationId) {
  return db
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', conversationId)
    .forUpdate()
    .executeTakeFirst();
}

export function updateConversation(
  db: Db,
  tenantId: TenantId,
  conversationId: ConversationId,
  changes: Updateable<ConversationTable>,
) {
  return db
    .updateTable('conversation')
    .set(changes)
    .where('tenantId', '=', tenantId)
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
  db: Db,
  tenantId: TenantId,
  filters: ConversationFilters,
  page: ConversationWindow,
): Promise<ConversationRow[]> {
  return selectConversations(db, tenantId, filters, page).execute();
}

/** The query of `listConversations`, for looking at its plan. */
export function selectConversations(
  db: Db,
  tenantId: TenantId,
  filters: ConversationFilters,
  page: ConversationWindow,
) {
  const { status, channel, customerId, assigneeId } = filters;
  let query = db.selectFrom('conversation').select(columns).where('tenantId', '=', tenantId);
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

export function insertMessage(
  db: Db,
  tenantId: TenantId,
  message: Omit<Insertable<ConversationMessageTable>, 'tenantId'>,
) {
  return db
    .insertInto('conversationMessage')
    .values({ tenantId, ...message })
    .execute();
}

/** In the order they were added. */
export function listMessages(
  db: Db,
  tenantId: TenantId,
  conversationId: ConversationId,
  page: {
    readonly kinds: readonly ConversationMessageTable['kind'][];
    readonly limit: number;
    readonly afterSequence: number;
  },
) {
  return selectMessages(db, tenantId, conversationId)
    .where('kind', 'in', page.kinds)
    .where('sequence', '>', page.afterSequence)
    .orderBy('sequence')
    .limit(page.limit)
    .execute();
}

/** The newest first. */
export function listLatestMessages(
  db: Db,
  tenantId: TenantId,
  conversationId: ConversationId,
  limit: number,
) {
  return selectMessages(db, tenantId, conversationId)
    .where('kind', '<>', 'note')
    .orderBy('sequence', 'desc')
    .limit(limit)
    .execute();
}

function selectMessages(db: Db, tenantId: TenantId, conversationId: ConversationId) {
  return db
    .selectFrom('conversationMessage')
    .select(['sequence', 'kind', 'author', 'authorId', 'text', 'callId', 'toolCalls', 'at'])
    .where('tenantId', '=', tenantId)
    .where('conversationId', '=', conversationId);
}

export type MessageRow = Awaited<ReturnType<typeof listMessages>>[number];

/** What was put on record of a conversation, in order. */
export function listEvents(
  db: Db,
  tenantId: TenantId,
  conversationId: ConversationId,
  page: { readonly afterSequence: number; readonly limit: number },
) {
  return db
    .selectFrom('eventRecord')
    .select(['sequence', 'type', 'data', 'at'])
    .where('tenantId', '=', tenantId)
    .where('stream', '=', conversationId)
    .where('sequence', '>', page.afterSequence)
    .orderBy('sequence')
    .limit(page.limit)
    .execute();
}

/** The open conversations of one customer on channels where another has an open one too. */
export function lockOpenOfBoth(db: Db, tenantId: TenantId, customerId: CustomerId, other: CustomerId) {
  return db
    .selectFrom('conversation')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('customerId', '=', customerId)
    .where('status', '<>', 'closed')
    .where('channel', 'in', (query) =>
      query
        .selectFrom('conversation as theirs')
        .select('theirs.channel')
        .where('theirs.tenantId', '=', tenantId)
        .where('theirs.customerId', '=', other)
        .where('theirs.status', '<>', 'closed'),
    )
    .forUpdate()
    .execute();
}

export async function moveConversations(db: Db, tenantId: TenantId, from: CustomerId, to: CustomerId) {
  await db
    .updateTable('conversation')
    .set({ customerId: to })
    .where('tenantId', '=', tenantId)
    .where('customerId', '=', from)
    .execute();
}
