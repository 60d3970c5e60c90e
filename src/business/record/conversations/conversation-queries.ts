import { cursorInstant, keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { listStream } from '../../tenancy/events/events.ts';
import type { ConversationId, CustomerId, MemberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Channel } from './channel.ts';
import type { Conversation, HistoryEntry } from './conversation.ts';
import { readHistoryEntry } from './conversation-history.ts';
import { conversationTable } from './conversation-table.ts';
import type { ConversationStatus } from './status.ts';

export interface ConversationFilter {
  readonly status?: ConversationStatus | undefined;
  readonly channel?: Channel | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly assigneeId?: MemberId | undefined;
}

const byActivity = keyset(
  { column: 'conversation.last_activity_at', property: 'lastActivityAt', codec: cursorInstant },
  { column: 'conversation.id' },
);

/** The latest activity first. */
export function listConversations(
  tx: Tx,
  { limit, cursor, ...filter }: PageRequest & ConversationFilter,
): Promise<Page<Conversation>> {
  return byActivity.page(selectConversations(tx, filter), { limit, cursor, direction: 'desc' });
}

/** The query of `listConversations` before it is paged, for looking at its plan. */
export function selectConversations(tx: Tx, filter: ConversationFilter) {
  return tx
    .selectFrom('conversation')
    .select(conversationTable.columns)
    .where(matching('conversation', { tenantId: tx.tenantId, ...filter }));
}

export function getConversation(tx: Tx, id: ConversationId): Promise<Conversation> {
  return conversationTable.get(tx, id);
}

/** Everything that happened to a conversation, in order. */
export async function listHistory(
  tx: Tx,
  id: ConversationId,
  request: PageRequest,
): Promise<Page<HistoryEntry>> {
  await conversationTable.get(tx, id);
  const { data, nextCursor } = await listStream(tx, id, request);
  return { data: data.map(readHistoryEntry), nextCursor };
}

/** The customer's conversation on this channel that is not closed, locked. */
export function lockOpen(
  tx: Tx,
  customerId: CustomerId,
  channel: Channel,
): Promise<Conversation | undefined> {
  return tx
    .selectFrom('conversation')
    .select(conversationTable.columns)
    .where(matching('conversation', { tenantId: tx.tenantId, customerId, channel }))
    .where('status', '<>', 'closed')
    .forUpdate()
    .executeTakeFirst();
}

/** The open conversations of one customer on channels where another has an open one too, locked. */
export function lockOpenOfBoth(tx: Tx, customerId: CustomerId, other: CustomerId): Promise<Conversation[]> {
  return tx
    .selectFrom('conversation')
    .select(conversationTable.columns)
    .where(matching('conversation', { tenantId: tx.tenantId, customerId }))
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
