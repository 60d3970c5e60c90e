import type { TenantId } from '../../../platform/data/ids.ts';

export type ReferenceKind = 'ticket' | 'order' | 'booking';

/** The last short number (T-1042) assigned for a kind of row. */
export interface ReferenceCounterTable {
  tenantId: TenantId;
  kind: ReferenceKind;
  lastValue: number;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    referenceCounter: ReferenceCounterTable;
  }
}
