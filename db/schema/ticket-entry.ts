import type { Generated } from 'kysely';
import type { TenantId, TicketId } from '../../src/platform/ids.ts';
import type { NullableJsonColumn } from './json-column.ts';

export type TicketEntryKind = 'created' | 'status-changed' | 'details-changed' | 'comment';

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
