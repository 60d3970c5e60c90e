import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

export interface NewTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
}

const columns = ['id', 'slug', 'name', 'timeZone', 'currency'] as const;

export function insertTenant(db: Db, tenant: NewTenant) {
  return db
    .insertInto('tenant')
    .values(tenant)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst();
}

export function findTenantById(db: Db, tenantId: TenantId) {
  return db.selectFrom('tenant').select(columns).where('id', '=', tenantId).executeTakeFirst();
}

/** Across tenants. */
export function findTenantBySlug(db: Db, slug: string) {
  return db.selectFrom('tenant').select(columns).where('slug', '=', slug).executeTakeFirst();
}
