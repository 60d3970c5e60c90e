import { type Selectable, sql, type Updateable } from 'kysely';
import type { Tx } from '../tenancy.ts';
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

export function findTenantProfile(tx: Tx): Promise<TenantProfile | undefined> {
  return tx.selectFrom('tenant').select(columns).where('id', '=', tx.tenantId).executeTakeFirst();
}

/** Locks the row, without holding up those who insert what belongs to the tenant. */
export function lockTenantProfile(tx: Tx): Promise<TenantProfile | undefined> {
  return tx
    .selectFrom('tenant')
    .select(columns)
    .where('id', '=', tx.tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export function updateTenantProfile(tx: Tx, changes: TenantProfileChanges): Promise<TenantProfile> {
  return tx
    .updateTable('tenant')
    .set({ ...changes, version: sql<number>`version + 1`, updatedAt: sql<Date>`now()` })
    .where('id', '=', tx.tenantId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}
