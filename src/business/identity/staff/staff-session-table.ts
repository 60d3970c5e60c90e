import type { Generated } from 'kysely';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** One device of a member of the platform's staff. */
export interface StaffSessionTable {
  id: string;
  staffId: StaffId;
  device: string;
  address: string;
  createdAt: Generated<Date>;
  expiresAt: Date;
  endedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    staffSession: StaffSessionTable;
  }
}
