import type { Generated } from 'kysely';
import type { StaffId } from '../../src/platform/ids.ts';

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
