import type { Generated } from 'kysely';
import type { Id, TenantId } from '../../../platform/data/ids.ts';

export type BookingResourceId = Id<'rsc'>;

/** Staff, a chair or room, a machine. */
export type ResourceKind = 'person' | 'place' | 'equipment';

/** What can be busy: a person, a place, a piece of equipment. */
export interface BookingResourceTable {
  tenantId: TenantId;
  id: BookingResourceId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  slug: string;
  name: string;
  kind: Generated<ResourceKind>;
  active: Generated<boolean>;
  /** Put away: never active again until it is brought back. */
  archivedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    bookingResource: BookingResourceTable;
  }
}
