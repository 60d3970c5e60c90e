import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { CallId, CustomerId, MemberId, PhoneMessageId } from '../../tenancy/ids/ids.ts';
import type { MessageStatus } from './message.ts';

/** A message that a caller left for the business. */
export interface PhoneMessageTable {
  tenantId: TenantId;
  id: PhoneMessageId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  customerId: CustomerId | null;
  callId: CallId | null;
  callerName: string | null;
  callbackPhoneEncrypted: string | null;
  body: string;
  urgent: Generated<boolean>;
  status: Generated<MessageStatus>;
  assigneeId: MemberId | null;
  handledAt: Date | null;
  /** Id of the member or key that handled it. */
  handledBy: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    phoneMessage: PhoneMessageTable;
  }
}

export const phoneMessageTable = tenantTable('phoneMessage', {
  what: 'message',
  columns: [
    'id',
    'version',
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
  ],
});
