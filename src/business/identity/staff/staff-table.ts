import type { Generated } from 'kysely';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** Somebody of the platform's own staff; a member of no tenant. */
export interface StaffTable {
  id: StaffId;
  name: string;
  emailEncrypted: string;
  emailIndex: string;
  passwordHash: string;
  createdBy: StaffId | null;
  createdAt: Generated<Date>;
  disabledAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    staff: StaffTable;
  }
}
