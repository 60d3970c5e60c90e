import type { TenantId } from '../../src/platform/ids.ts';

export interface OpeningHoursTable {
  tenantId: TenantId;
  /** ISO: 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Minutes since local midnight. */
  opensAtMinute: number;
  /** 1440 is the end of the day. */
  closesAtMinute: number;
}
