import type { Generated } from 'kysely';
import type { CallId, TenantId } from '../../src/platform/ids.ts';
import type { JsonColumn, NullableJsonColumn } from './json-column.ts';

export interface ToolLedgerTable {
  tenantId: TenantId;
  idempotencyKey: string;
  callId: CallId;
  turn: number;
  tool: string;
  arguments: JsonColumn<unknown>;
  status: string;
  result: NullableJsonColumn<unknown>;
  createdAt: Generated<Date>;
  completedAt: Date | null;
}
