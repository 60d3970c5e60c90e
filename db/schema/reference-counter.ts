import type { TenantId } from '../../src/platform/ids.ts';

export type ReferenceKind = 'ticket' | 'order' | 'booking';

export interface ReferenceCounterTable {
  tenantId: TenantId;
  kind: ReferenceKind;
  lastValue: number;
}
