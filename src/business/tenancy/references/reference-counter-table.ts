import type { TenantId } from '../../../platform/data/ids.ts';

export type ReferenceKind = 'ticket' | 'order' | 'booking';

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
