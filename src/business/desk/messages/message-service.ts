import { newId } from '../../../platform/data/ids.ts';
import { cursorInstant, keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import { findPhone, parsePhone } from '../../customers/customers.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { CallId, CustomerId, MemberId, PhoneMessageId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { CheckAssignee } from '../assignee.ts';
import type { MessageChanges, MessageStatus, PhoneMessage, TakenMessage } from './message.ts';
import { messageEvents } from './message-events.ts';
import { phoneMessageTable } from './phone-message-table.ts';

export interface MessageFilter {
  readonly status?: MessageStatus | undefined;
  readonly urgent?: boolean | undefined;
  /** Null means unassigned. */
  readonly assigneeId?: MemberId | null | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
}

const byTime = keyset(
  { column: 'phone_message.created_at', property: 'createdAt', codec: cursorInstant },
  { column: 'phone_message.id' },
);

/** Newest first. */
export async function listMessages(
  tx: Tx,
  { limit, cursor, ...filter }: PageRequest & MessageFilter,
): Promise<Page<PhoneMessage>> {
  const query = tx
    .selectFrom('phoneMessage')
    .select(phoneMessageTable.columns)
    .where(matching('phoneMessage', { tenantId: tx.tenantId, ...filter }));
  const { data, nextCursor } = await byTime.page(query, { limit, cursor, direction: 'desc' });
  return { data: data.map((row) => toMessage(tx.cipher, row)), nextCursor };
}

export async function getMessage(tx: Tx, id: PhoneMessageId): Promise<PhoneMessage> {
  return toMessage(tx.cipher, await phoneMessageTable.get(tx, id));
}

export async function takeMessage(tx: Tx, actor: TenantActor, input: TakenMessage): Promise<PhoneMessage> {
  const body = input.body.trim();
  if (body === '') {
    throw new InvalidInput('The message is empty.', [{ pointer: '/body', detail: 'must not be blank' }], {
      code: 'message-empty',
    });
  }
  const callbackPhone = callbackPhoneOf(input);
  const row = await phoneMessageTable.insert(tx, {
    id: newId('msg'),
    customerId: input.customerId ?? null,
    callId: input.callId ?? null,
    callerName: input.callerName?.trim() || null,
    callbackPhoneEncrypted: tx.cipher.encrypt(callbackPhone),
    body,
    urgent: input.urgent ?? false,
    createdAt: input.createdAt,
  });
  const after = toMessage(tx.cipher, row!);
  await happened(tx, actor, messageEvents.taken({ subject: after.id, after }));
  return after;
}

/** The requested callback number, else the caller's number if there is one. */
function callbackPhoneOf({ callbackPhone, callerPhone }: TakenMessage): string | null {
  if (callbackPhone !== undefined) return parsePhone(callbackPhone, '/callbackPhone', callerPhone);
  return callerPhone === undefined ? null : (findPhone(callerPhone) ?? null);
}

export async function changeMessage(
  tx: Tx,
  actor: TenantActor,
  id: PhoneMessageId,
  request: RequestedChange<MessageChanges> & { readonly now: Date; readonly checkAssignee: CheckAssignee },
): Promise<PhoneMessage> {
  const before = toMessage(tx.cipher, await phoneMessageTable.lock(tx, id, request.ifMatch));
  const { status = before.status, assigneeId = before.assigneeId } = request.changes;
  if (status === before.status && assigneeId === before.assigneeId) return before;
  if (assigneeId !== null && assigneeId !== before.assigneeId) await request.checkAssignee(tx, assigneeId);
  const values = { status, assigneeId, ...handling(before, status, { actor, now: request.now }) };
  const after = toMessage(tx.cipher, await phoneMessageTable.update(tx, id, values));
  await happened(tx, actor, messageEvents.updated({ subject: id, before, after }));
  return after;
}

/** Keeps the first member that handled it. */
function handling(
  before: PhoneMessage,
  status: MessageStatus,
  { actor, now }: { readonly actor: TenantActor; readonly now: Date },
): Pick<PhoneMessage, 'handledAt' | 'handledBy'> {
  if (status === 'new') return { handledAt: null, handledBy: null };
  const { handledAt, handledBy } = before;
  return before.status === 'handled'
    ? { handledAt, handledBy }
    : { handledAt: now, handledBy: actorIdOf(actor) };
}

type MessageRow = Awaited<ReturnType<typeof phoneMessageTable.get>>;

function toMessage(cipher: PersonalDataCipher, { callbackPhoneEncrypted, ...row }: MessageRow): PhoneMessage {
  return { ...row, callbackPhone: cipher.decrypt(callbackPhoneEncrypted) };
}
