import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** A range of hours on a special day, which replaces the weekday's; one row without hours means closed. */
export interface OpeningExceptionTable {
  tenantId: TenantId;
  /** `2026-12-25`, in the tenant's zone. */
  localDate: string;
  /** Null means closed all day; the closing minute is then null too. */
  opensAtMinute: number | null;
  closesAtMinute: number | null;
  reason: Generated<string>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    openingException: OpeningExceptionTable;
  }
}
