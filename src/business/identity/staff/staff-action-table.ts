import type { ColumnType, Generated } from 'kysely';
import type { StaffId } from '../../tenancy/ids/ids.ts';

/** What the platform's staff did to the platform; what they did in a tenant's place is in that tenant's audit log. */
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
