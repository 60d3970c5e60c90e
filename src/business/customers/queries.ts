import type { Db } from '../../platform/db.ts';
import type { CustomerId, TenantId } from '../../platform/ids.ts';

const columns = ['id', 'phone', 'name', 'createdAt'] as const;

export function insertCustomer(
  db: Db,
  tenantId: TenantId,
  customer: { readonly id: CustomerId; readonly phone: string; readonly name: string | null },
) {
  return db
    .insertInto('customer')
    .values({ tenantId, ...customer })
    .onConflict((conflict) => conflict.columns(['tenantId', 'phone']).doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export function findByPhone(db: Db, tenantId: TenantId, phone: string) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('phone', '=', phone)
    .executeTakeFirst();
}

export function findById(db: Db, tenantId: TenantId, customerId: CustomerId) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', customerId)
    .executeTakeFirst();
}

export function setName(db: Db, tenantId: TenantId, customerId: CustomerId, name: string) {
  return db
    .updateTable('customer')
    .set({ name, updatedAt: new Date() })
    .where('tenantId', '=', tenantId)
    .where('id', '=', customerId)
    .returning(columns)
    .executeTakeFirst();
}
