import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** A range of hours on a special day, in place of the weekday's; one row without hours says closed. */
export interface OpeningExceptionTable {
  tenantId: TenantId;
  /** `2026-12-25`, in the tenant's zone. */
  localDate: string;
  /** Null together with the closing minute: closed all day. */
  opensAtMinute: number | null;
  closesAtMinute: number | null;
  reason: Generated<string>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    openingException: OpeningExceptionTable;
  }
}
