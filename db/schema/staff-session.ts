import type { Generated } from 'kysely';
import type { StaffId } from '../../src/platform/ids.ts';

export interface StaffSessionTable {
  id: string;
  staffId: StaffId;
  device: string;
  address: string;
  createdAt: Generated<Date>;
  expiresAt: Date;
  endedAt: Date | null;
}
