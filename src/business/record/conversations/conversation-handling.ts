import { Conflict } from '../../../platform/process/errors.ts';
import { refuseUnlessMember } from '../../identity/members/members.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { ConversationId, MemberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Conversation, ConversationNote } from './conversation.ts';
import { conversationEvents } from './conversation-events.ts';
import { insertMessage } from './conversation-messages.ts';
import { standingAs } from './conversation-service.ts';
import { conversationTable } from './conversation-table.ts';
import { allowedNext, type ConversationStatus, transition } from './status.ts';

/* What people and programs of the business do with conversations. */

/** Moves a conversation on; a refused move is a conflict that names the allowed ones. */
export async function changeStatus(
  tx: Tx,
  actor: TenantActor,
  request: {
    readonly conversationId: ConversationId;
    readonly to: ConversationStatus;
    readonly at: Date;
  },
): Promise<Conversation> {
  const { conversationId: id, to, at } = request;
  const before = await conversationTable.lock(tx, id);
  refuseUnlessAllowed(before.status, to);
  const after = await conversationTable.update(tx, id, standingAs(to, at));
  await happened(tx, actor, conversationEvents['status-changed']({ subject: id, before, after, at }));
  return after;
}

function refuseUnlessAllowed(status: ConversationStatus, to: ConversationStatus): void {
  const moved = transition(status, to);
  if (moved.type === 'allowed') return;
  const data = { status, allowed: allowedNext(status) };
  throw new Conflict(moved.reason, { code: 'status-not-allowed', data });
}

/** Gives a conversation to a member, or to nobody. */
export async function assign(
  tx: Tx,
  actor: TenantActor,
  request: {
    readonly conversationId: ConversationId;
    readonly assigneeId: MemberId | null;
    readonly at: Date;
  },
): Promise<Conversation> {
  const { conversationId: id, assigneeId, at } = request;
  const before = await conversationTable.lock(tx, id);
  if (assigneeId !== null) await refuseUnlessMember(tx, assigneeId);
  const after = await conversationTable.update(tx, id, { assigneeId });
  await happened(tx, actor, conversationEvents.assigned({ subject: id, before, after, at }));
  return after;
}

/** What the people of the business write for each other about a conversation. */
export async function addNote(
  tx: Tx,
  actor: TenantActor,
  request: { readonly conversationId: ConversationId; readonly text: string; readonly at: Date },
): Promise<ConversationNote> {
  const { conversationId, text, at } = request;
  const memberId = actor.type === 'member' ? actor.memberId : null;
  await conversationTable.lock(tx, conversationId);
  const added = { subject: conversationId, at, details: { memberId } };
  const sequence = await happened(tx, actor, conversationEvents['note-added'](added));
  await insertMessage(tx, {
    conversationId,
    sequence,
    at,
    kind: 'note',
    author: 'member',
    authorId: memberId,
    text,
  });
  await conversationTable.update(tx, conversationId, {});
  return { sequence, memberId, text, at };
}
