import { type Selectable, sql, type Updateable } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { TenantTable } from './tenant-table.ts';

const columns = [
  'id',
  'version',
  'name',
  'legalName',
  'description',
  'website',
  'addressEncrypted',
  'phoneEncrypted',
  'emailEncrypted',
  'timeZone',
  'currency',
  'languages',
  'createdAt',
  'updatedAt',
] as const;

/** What a business says of itself, as it is stored; the company settings read and change it. */
export type TenantProfile = Pick<Selectable<TenantTable>, (typeof columns)[number]>;

export type TenantProfileChanges = Omit<
  Updateable<TenantTable>,
  'id' | 'slug' | 'version' | 'createdAt' | 'updatedAt' | 'suspendedAt'
>;

export function findTenantProfile(tx: Db, tenantId: TenantId): Promise<TenantProfile | undefined> {
  return tx.selectFrom('tenant').select(columns).where('id', '=', tenantId).executeTakeFirst();
}

/** Locks the row, without holding up those who insert what belongs to the tenant. */
export function lockTenantProfile(tx: Db, tenantId: TenantId): Promise<TenantProfile | undefined> {
  return tx
    .selectFrom('tenant')
    .select(columns)
    .where('id', '=', tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export function updateTenantProfile(
  tx: Db,
  tenantId: TenantId,
  changes: TenantProfileChanges,
): Promise<TenantProfile> {
  return tx
    .updateTable('tenant')
    .set({ ...changes, version: sql<number>`version + 1`, updatedAt: sql<Date>`now()` })
    .where('id', '=', tenantId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}
