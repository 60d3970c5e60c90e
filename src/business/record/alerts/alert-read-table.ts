import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AlertId, MemberId } from '../../tenancy/ids/ids.ts';

/** A member has read an alert. */
export interface AlertReadTable {
  tenantId: TenantId;
  memberId: MemberId;
  alertId: AlertId;
  readAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    alertRead: AlertReadTable;
  }
}
