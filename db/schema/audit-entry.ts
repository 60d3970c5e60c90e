import type { Generated } from 'kysely';
import type { AuditEntryId, TenantId } from '../../src/platform/ids.ts';
import type { NullableJsonColumn } from './json-column.ts';

/** One change that somebody made, appended once. */
export interface AuditEntryTable {
  readonly tenantId: TenantId;
  readonly id: AuditEntryId;
  readonly at: Generated<Date>;
  readonly actorType: string;
  readonly actorId: string;
  readonly impersonatedBy: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly resource: string;
  readonly resourceId: string | null;
  readonly before: NullableJsonColumn<unknown>;
  readonly after: NullableJsonColumn<unknown>;
}
