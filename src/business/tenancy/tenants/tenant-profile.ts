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

/** The stored profile of a business, which the company settings read and change. */
export type TenantProfile = Pick<Selectable<TenantTable>, (typeof columns)[number]>;

export type TenantProfileChanges = Omit<
  Updateable<TenantTable>,
  'id' | 'slug' | 'version' | 'createdAt' | 'updatedAt' | 'suspendedAt'
>;

export function findTenantProfile(tx: Tx): Promise<TenantProfile | undefined> {
  return tx.selectFrom('tenant').select(columns).where('id', '=', tx.tenantId).executeTakeFirst();
}

/** Locks the row with `for no key update`, which does not block inserts that reference it. */
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
