import { type Selectable, sql, type Updateable } from 'kysely';
import type { TenantTable } from '../../tenancy/tenants/tenant-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

const columns = [
  'id',
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

export type CompanyRow = Pick<Selectable<TenantTable>, (typeof columns)[number]>;

export function findCompany(db: Db, tenantId: TenantId) {
  return db.selectFrom('tenant').select(columns).where('id', '=', tenantId).executeTakeFirst();
}

/** Holds the row, without holding up those who write what belongs to the tenant. */
export function lockCompany(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('tenant')
    .select(columns)
    .where('id', '=', tenantId)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

export type CompanyValues = Omit<Updateable<TenantTable>, 'id' | 'slug' | 'createdAt' | 'updatedAt'>;

export function updateCompany(db: Db, tenantId: TenantId, values: CompanyValues) {
  return db
    .updateTable('tenant')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('id', '=', tenantId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}
