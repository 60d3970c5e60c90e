import type { Db } from '../../platform/db.ts';
import type { CallId, CustomerId, PhoneMessageId, TenantId } from '../../platform/ids.ts';

const columns = [
  'id',
  'customerId',
  'callId',
  'callerName',
  'callbackPhone',
  'body',
  'urgent',
  'status',
  'createdAt',
] as const;

export interface NewPhoneMessage {
  readonly id: PhoneMessageId;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly callerName: string | null;
  readonly callbackPhone: string | null;
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

export function listMessages(db: Db, tenantId: TenantId, limit: number) {
  return db
    .selectFrom('phoneMessage')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
