import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** An impersonation of a tenant by a member of staff, for a limited time and with a reason. */
export interface ImpersonationTable {
  tenantId: TenantId;
  id: string;
  staffSessionId: string;
  staffId: StaffId;
  reason: string;
  createdAt: Generated<Date>;
  expiresAt: Date;
  endedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    impersonation: ImpersonationTable;
  }
}
