import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ActorType } from '../actor/actor.ts';
import type { AuditEntryId } from '../ids/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

/** One change that somebody made, appended once. */
export interface AuditEntryTable {
  readonly tenantId: TenantId;
  readonly id: AuditEntryId;
  readonly at: Generated<Date>;
  readonly actorType: ActorType;
  readonly actorId: string;
  readonly impersonatedBy: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly resource: string;
  readonly resourceId: string | null;
  readonly before: NullableJsonColumn<unknown>;
  readonly after: NullableJsonColumn<unknown>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    auditEntry: AuditEntryTable;
  }
}
