import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, PhoneMessageId } from '../../tenancy/references/ids.ts';

/** What a caller left for the people of the business. */
export interface PhoneMessageTable {
  tenantId: TenantId;
  id: PhoneMessageId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  customerId: CustomerId | null;
  callId: CallId | null;
  callerName: string | null;
  callbackPhoneEncrypted: string | null;
  body: string;
  urgent: Generated<boolean>;
  status: Generated<'new' | 'handled'>;
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
