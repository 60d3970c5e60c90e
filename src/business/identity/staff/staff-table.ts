import type { Generated } from 'kysely';
import type { StaffId } from '../../tenancy/references/ids.ts';

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
