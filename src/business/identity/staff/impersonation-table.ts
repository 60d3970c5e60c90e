import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** A member of the platform's staff in a tenant's place, for a while and for a reason. */
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
