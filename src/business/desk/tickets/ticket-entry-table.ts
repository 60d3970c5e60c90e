import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { TicketId } from '../../tenancy/references/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

export type TicketEntryKind = 'created' | 'status-changed' | 'details-changed' | 'comment';

/** One thing that happened to a ticket, comments included, appended once. */
export interface TicketEntryTable {
  tenantId: TenantId;
  ticketId: TicketId;
  sequence: number;
  kind: TicketEntryKind;
  /** `agent`, or who else did it. */
  author: string;
  body: string | null;
  /** Field by field: what it was and what it became. */
  change: NullableJsonColumn<Readonly<Record<string, { readonly from: string; readonly to: string }>>>;
  at: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    ticketEntry: TicketEntryTable;
  }
}
