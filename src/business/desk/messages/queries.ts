import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, PhoneMessageId } from '../../tenancy/references/ids.ts';

const columns = [
  'id',
  'customerId',
  'callId',
  'callerName',
  'callbackPhoneEncrypted',
  'body',
  'urgent',
  'status',
  'assigneeId',
  'handledAt',
  'handledBy',
  'createdAt',
  'updatedAt',
] as const;

export interface NewPhoneMessage {
  readonly id: PhoneMessageId;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly callerName: string | null;
  readonly callbackPhoneEncrypted: string | null;
  readonly body: string;
  readonly urgent: boolean;
}

export function insertMessage(db: Db, tenantId: TenantId, message: NewPhoneMessage) {
  return db
    .insertInto('phoneMessage')
    .values({ tenantId, ...message })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export interface MessageFilter {
  readonly status?: 'new' | 'handled' | undefined;
  readonly urgent?: boolean | undefined;
  /** Null: nobody's. */
  readonly assigneeId?: MemberId | null | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly after?: { readonly createdAt: Date; readonly id: PhoneMessageId } | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listMessages(db: Db, tenantId: TenantId, filter: MessageFilter) {
  const { status, urgent, assigneeId, customerId, callId, after, limit } = filter;
  return db
    .selectFrom('phoneMessage')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(urgent !== undefined, (query) => query.where('urgent', '=', urgent!))
    .$if(assigneeId === null, (query) => query.where('assigneeId', 'is', null))
    .$if(typeof assigneeId === 'string', (query) => query.where('assigneeId', '=', assigneeId!))
    .$if(customerId !== undefined, (query) => query.where('customerId', '=', customerId!))
    .$if(callId !== undefined, (query) => query.where('callId', '=', callId!))
    .$if(after !== undefined, (query) =>
      query.where((row) => row(row.refTuple('createdAt', 'id'), '<', row.tuple(after!.createdAt, after!.id))),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function findMessage(db: Db, tenantId: TenantId, id: PhoneMessageId) {
  return db
    .selectFrom('phoneMessage')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Holds the message until the transaction ends. */
export function lockMessage(db: Db, tenantId: TenantId, id: PhoneMessageId) {
  return db
    .selectFrom('phoneMessage')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export function updateMessage(
  db: Db,
  tenantId: TenantId,
  id: PhoneMessageId,
  values: {
    readonly status: 'new' | 'handled';
    readonly assigneeId: MemberId | null;
    readonly handledAt: Date | null;
    readonly handledBy: string | null;
  },
) {
  return db
    .updateTable('phoneMessage')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
}
