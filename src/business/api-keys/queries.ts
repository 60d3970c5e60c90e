import { type Insertable, sql } from 'kysely';
import type { ApiKeyTable } from '../../../db/schema/api-key.ts';
import type { Db } from '../../platform/db.ts';
import type { ApiKeyId, TenantId } from '../../platform/ids.ts';

export function insertKey(db: Db, tenantId: TenantId, key: Omit<Insertable<ApiKeyTable>, 'tenantId'>) {
  return db
    .insertInto('apiKey')
    .values({ tenantId, ...key })
    .execute();
}

/** Across tenants: whose key this is is what the look-up is to tell. */
export function findLiveKey(db: Db, keySha256: string) {
  return db
    .selectFrom('apiKey')
    .innerJoin('tenant', 'tenant.id', 'apiKey.tenantId')
    .select(['apiKey.id', 'tenantId', 'apiKey.name', 'mode', 'scopes', 'expiresAt', 'allowedAddresses'])
    .where('keySha256', '=', keySha256)
    .where('revokedAt', 'is', null)
    .where((row) => row.or([row('expiresAt', 'is', null), row('expiresAt', '>', sql<Date>`now()`)]))
    .where('tenant.suspendedAt', 'is', null)
    .executeTakeFirst();
}

/** To the minute: a key in constant use does not write with every request. */
export function touchKey(db: Db, tenantId: TenantId, keyId: ApiKeyId) {
  return db
    .updateTable('apiKey')
    .set({ lastUsedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', keyId)
    .where((row) =>
      row.or([row('lastUsedAt', 'is', null), row('lastUsedAt', '<', sql<Date>`now() - interval '1 minute'`)]),
    )
    .execute();
}

export function revokeKey(db: Db, tenantId: TenantId, keyId: ApiKeyId) {
  return db
    .updateTable('apiKey')
    .set({ revokedAt: sql<Date>`coalesce(revoked_at, now())` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', keyId)
    .returning('id')
    .executeTakeFirst();
}
