import type { TenantId } from '../../../platform/data/ids.ts';

/** A range of hours on a weekday, in the tenant's time zone. */
export interface OpeningHoursTable {
  tenantId: TenantId;
  /** ISO: 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Minutes since local midnight. */
  opensAtMinute: number;
  /** 1440 is the end of the day. */
  closesAtMinute: number;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    openingHours: OpeningHoursTable;
  }
}
