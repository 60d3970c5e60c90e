import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, PhoneMessageId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import { actorIdOf, systemActor, type TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { raiseAlert } from '../../record/alerts/service.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { findPhone, parsePhone } from '../../customers/customers.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { refuseUnlessMember } from '../tickets/assignee.ts';
import * as queries from './queries.ts';
import { presentMessage } from './schema.ts';

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string()]);

/** What a caller wants the business to be told. */
export interface PhoneMessage {
  readonly id: PhoneMessageId;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly callerName: string | null;
  /** E.164. */
  readonly callbackPhone: string | null;
  readonly body: string;
  readonly urgent: boolean;
  readonly status: 'new' | 'handled';
  readonly assigneeId: MemberId | null;
  readonly handledAt: Date | null;
  /** Id of the member or key that handled it. */
  readonly handledBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TakeMessage {
  readonly body: string;
  readonly callerName?: string | undefined;
  /** As the caller said it; `callerPhone` lends it its country. */
  readonly callbackPhone?: string | undefined;
  readonly callerPhone?: string | undefined;
  readonly urgent?: boolean | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
}

export async function takeMessage(db: Db, tenantId: TenantId, input: TakeMessage): Promise<PhoneMessage> {
  const body = input.body.trim();
  if (body === '') {
    throw new InvalidInput('The message is empty.', [{ pointer: '/body', detail: 'must not be blank' }], {
      code: 'message-empty',
    });
  }
  const message = {
    id: newId('msg'),
    customerId: input.customerId ?? null,
    callId: input.callId ?? null,
    callerName: input.callerName?.trim() || null,
    callbackPhoneEncrypted: sealed(callbackPhone(input)),
    body,
    urgent: input.urgent ?? false,
  };
  return inTenant(db, tenantId, async (transaction) => {
    const taken = toMessage(await queries.insertMessage(transaction, tenantId, message));
    await recordChange(transaction, systemActor(tenantId, 'agent'), {
      action: 'message.taken',
      resource: 'message',
      resourceId: taken.id,
      after: taken,
    });
    await raiseAlert(transaction, tenantId, {
      kind: 'message-taken',
      title: taken.urgent ? 'An urgent message was taken' : 'A message was taken',
      about: { resource: 'message', id: taken.id },
    });
    return taken;
  });
}

/** The number asked for, else the one the call came from where that is one. */
function callbackPhone(input: TakeMessage): string | null {
  if (input.callbackPhone !== undefined)
    return parsePhone(input.callbackPhone, '/callbackPhone', input.callerPhone);
  return input.callerPhone === undefined ? null : (findPhone(input.callerPhone) ?? null);
}

/** The newest. */
export function listMessages(db: Db, tenantId: TenantId, limit = 20): Promise<readonly PhoneMessage[]> {
  return inTenant(db, tenantId, async (transaction) =>
    (await queries.listMessages(transaction, tenantId, { limit })).map(toMessage),
  );
}

export interface PageOfMessages extends PageRequest, Omit<queries.MessageFilter, 'after' | 'limit'> {}

/** Newest first, page by page. */
export function pageMessages<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, ...filter }: PageOfMessages,
  present: (message: PhoneMessage) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const after = key === undefined ? undefined : { createdAt: key[0], id: key[1] as PhoneMessageId };
  return inTenant(db, tenantId, async (transaction) => {
    const wanted = { ...filter, after, limit: limit + 1 };
    const rows = await queries.listMessages(transaction, tenantId, wanted);
    return toPage(
      rows,
      limit,
      ({ createdAt, id }) => [createdAt.toISOString(), id],
      (row) => present(toMessage(row)),
    );
  });
}

export function getMessage(db: Db, tenantId: TenantId, id: PhoneMessageId): Promise<PhoneMessage> {
  return inTenant(db, tenantId, async (transaction) =>
    toMessage((await queries.findMessage(transaction, tenantId, id)) ?? noSuchMessage()),
  );
}

export interface MessageChanges {
  readonly status?: 'new' | 'handled' | undefined;
  /** Null: nobody any more. */
  readonly assigneeId?: MemberId | null | undefined;
}

export function changeMessage(
  db: Db,
  actor: TenantActor,
  id: PhoneMessageId,
  request: { readonly changes: MessageChanges; readonly ifMatch: string | undefined; readonly now: Date },
): Promise<PhoneMessage> {
  const { tenantId } = actor;
  const { changes, ifMatch, now } = request;
  return inTenant(db, tenantId, async (transaction) => {
    const before = toMessage((await queries.lockMessage(transaction, tenantId, id)) ?? noSuchMessage());
    checkMatch(ifMatch, presentMessage(before));
    const { status = before.status, assigneeId = before.assigneeId } = changes;
    if (assigneeId !== null && assigneeId !== before.assigneeId) {
      await refuseUnlessMember(transaction, tenantId, assigneeId);
    }
    const handled = handling(before, status, { actor, now });
    const values = { assigneeId, status, ...handled };
    const after = toMessage(await queries.updateMessage(transaction, tenantId, id, values));
    await recordChange(transaction, actor, {
      action: 'message.updated',
      resource: 'message',
      resourceId: id,
      before,
      after,
    });
    return after;
  });
}

/** Who handled it first stays on it. */
function handling(
  before: PhoneMessage,
  status: PhoneMessage['status'],
  { actor, now }: { readonly actor: TenantActor; readonly now: Date },
): Pick<PhoneMessage, 'handledAt' | 'handledBy'> {
  if (status === 'new') return { handledAt: null, handledBy: null };
  const { handledAt, handledBy } = before;
  return before.status === 'handled'
    ? { handledAt, handledBy }
    : { handledAt: now, handledBy: actorIdOf(actor) };
}

type MessageRow = Omit<PhoneMessage, 'callbackPhone'> & { readonly callbackPhoneEncrypted: string | null };

function toMessage({ callbackPhoneEncrypted: stored, ...row }: MessageRow): PhoneMessage {
  return { ...row, callbackPhone: stored === null ? null : decrypt(stored) };
}

function sealed(phone: string | null): string | null {
  return phone === null ? null : encrypt(phone);
}

function noSuchMessage(): never {
  throw new NotFound('There is no such message.');
}
