import type { Generated } from 'kysely';
import type { AlertId, MemberId, TenantId } from '../../src/platform/ids.ts';

export interface AlertReadTable {
  tenantId: TenantId;
  memberId: MemberId;
  alertId: AlertId;
  readAt: Generated<Date>;
}
