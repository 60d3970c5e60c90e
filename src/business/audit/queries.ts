import type { Insertable } from 'kysely';
import type { AuditEntryTable } from '../../../db/schema/audit-entry.ts';
import type { Db } from '../../platform/db.ts';
import type { TenantId } from '../../platform/ids.ts';

export function insertEntry(
  db: Db,
  tenantId: TenantId,
  entry: Omit<Insertable<AuditEntryTable>, 'tenantId' | 'at'>,
) {
  return db
    .insertInto('auditEntry')
    .values({ tenantId, ...entry })
    .execute();
}
