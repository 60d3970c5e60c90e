import type { Tx } from '../../tenancy/tx.ts';
import { z } from 'zod';
import { Conflict } from '../../../platform/process/errors.ts';
import { listStream, type StoredEvent } from '../../tenancy/events/event-record.ts';
import type { ConversationId, MemberId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { refuseUnlessMember } from '../../identity/members/members.ts';
import type { ConversationNote } from './message.ts';
import type { ConversationFilters, ConversationRow } from './queries.ts';
import * as queries from './queries.ts';
import { type ConversationEvent, recordEvents } from './record.ts';
import { type Conversation, orNotFound, sequenceCursor } from './service.ts';
import { allowedNext, type ConversationStatus, transition } from './status.ts';

/*
 * What people and programs of the business do with conversations.
 */

/** The latest activity first. */
export async function listConversations(
  tx: Tx,
  { limit, cursor, ...filters }: PageRequest & ConversationFilters,
): Promise<Page<Conversation>> {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const rows = await queries.listConversations(tx, filters, { limit: limit + 1, after });
  return toPage<ConversationRow, Conversation>(
    rows,
    limit,
    ({ lastActivityAt, id }) => [lastActivityAt.getTime(), id],
    (row) => row,
  );
}

function positionOf(cursor: string) {
  const [lastActivityAtMs, id] = decodeCursor(cursor, z.tuple([z.int(), z.string()]));
  return { lastActivityAt: new Date(lastActivityAtMs), id };
}

/** Moves a conversation on; a refused move is a conflict that names the allowed ones. */
export function changeStatus(
  tx: Tx,
  actor: TenantActor,
  { conversationId, to, at }: { conversationId: ConversationId; to: ConversationStatus; at: Date },
): Promise<Conversation> {
  return handle(tx, actor, conversationId, at, ({ status }) => {
    const moved = transition(status, to);
    if (moved.type === 'refused') {
      const data = { status, allowed: allowedNext(status) };
      throw new Conflict(moved.reason, { code: 'status-not-allowed', data });
    }
    return { type: 'status-changed', from: status, to, by: actorIdOf(actor) };
  });
}

/** Gives a conversation to a member, or to nobody. */
export function assign(
  tx: Tx,
  actor: TenantActor,
  request: { conversationId: ConversationId; assigneeId: MemberId | null; at: Date },
): Promise<Conversation> {
  const { conversationId, assigneeId, at } = request;
  return handle(tx, actor, conversationId, at, async () => {
    if (assigneeId !== null) await refuseUnlessMember(tx, assigneeId);
    return { type: 'assigned', memberId: assigneeId, by: actorIdOf(actor) };
  });
}

/** One change by somebody: on the record of the conversation, and in the audit log. */
async function handle(
  tx: Tx,
  actor: TenantActor,
  conversationId: ConversationId,
  at: Date,
  decide: (held: ConversationRow) => ConversationEvent | Promise<ConversationEvent>,
): Promise<Conversation> {
  const held = orNotFound(await queries.lockById(tx, conversationId));
  const event = await decide(held);
  const changed = await recordEvents(tx, held, [event], at);
  await recordChange(tx, actor, {
    action: `conversation.${event.type}`,
    resource: 'conversation',
    resourceId: conversationId,
    before: handled(held),
    after: handled(changed),
  });
  return changed;
}

function handled({ status, assigneeId }: Conversation) {
  return { status, assigneeId };
}

/** What the people of the business tell each other about a conversation. */
export async function addNote(
  tx: Tx,
  actor: TenantActor,
  { conversationId, text, at }: { conversationId: ConversationId; text: string; at: Date },
): Promise<ConversationNote> {
  const memberId = actor.type === 'member' ? actor.memberId : null;
  const held = orNotFound(await queries.lockById(tx, conversationId));
  const { lastSequence: sequence } = await recordEvents(
    tx,
    held,
    [{ type: 'note-added', memberId, text }],
    at,
  );
  return { sequence, memberId, text, at };
}

export async function listNotes(
  tx: Tx,
  conversationId: ConversationId,
  page: PageRequest,
): Promise<Page<ConversationNote>> {
  const afterSequence = page.cursor === undefined ? 0 : decodeCursor(page.cursor, sequenceCursor)[0];
  orNotFound(await queries.findById(tx, conversationId));
  const rows = await queries.listMessages(tx, conversationId, {
    kinds: ['note'],
    limit: page.limit + 1,
    afterSequence,
  });
  return toPage(
    rows,
    page.limit,
    ({ sequence }) => [sequence],
    ({ sequence, at, text, authorId }) => ({ sequence, at, text, memberId: authorId as MemberId | null }),
  );
}

/** Everything that happened to a conversation, in order. */
export async function listHistory(
  tx: Tx,
  conversationId: ConversationId,
  page: PageRequest,
): Promise<Page<StoredEvent>> {
  const afterSequence = page.cursor === undefined ? 0 : decodeCursor(page.cursor, sequenceCursor)[0];
  orNotFound(await queries.findById(tx, conversationId));
  const window = { afterSequence, limit: page.limit + 1 };
  const rows = await listStream(tx, conversationId, window);
  return toPage<StoredEvent, StoredEvent>(
    rows,
    page.limit,
    ({ sequence }) => [sequence],
    (row) => row,
  );
}
