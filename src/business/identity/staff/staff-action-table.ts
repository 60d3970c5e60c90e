import type { ColumnType, Generated } from 'kysely';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** Actions of staff on the platform; those of impersonations are in the tenant's audit log. */
export interface StaffActionTable {
  id: string;
  staffId: StaffId;
  at: Generated<Date>;
  address: string | null;
  action: string;
  subjectId: string | null;
  details: ColumnType<Readonly<Record<string, unknown>>, string | undefined, never>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    staffAction: StaffActionTable;
  }
}
