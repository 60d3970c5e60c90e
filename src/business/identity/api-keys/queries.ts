import { type Insertable, sql } from 'kysely';
import type { ApiKeyMode, ApiKeyTable } from './api-key-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/references/ids.ts';

export function insertKey(db: Db, tenantId: TenantId, key: Omit<Insertable<ApiKeyTable>, 'tenantId'>) {
  return db
    .insertInto('apiKey')
    .values({ tenantId, ...key })
    .execute();
}

const columns = [
  'id',
  'name',
  'mode',
  'hint',
  'scopes',
  'expiresAt',
  'allowedAddresses',
  'createdBy',
  'createdAt',
  'lastUsedAt',
  'revokedAt',
] as const;

/** Newest first. */
export function listKeys(
  db: Db,
  tenantId: TenantId,
  page: {
    readonly mode: ApiKeyMode | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  },
) {
  const { mode, before, limit } = page;
  return db
    .selectFrom('apiKey')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(mode !== undefined, (query) => query.where('mode', '=', mode!))
    .$if(before !== undefined, (query) => query.where('id', '<', before as ApiKeyId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function findKey(db: Db, tenantId: TenantId, keyId: ApiKeyId) {
  return db
    .selectFrom('apiKey')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', keyId)
    .executeTakeFirst();
}

export type KeyRow = NonNullable<Awaited<ReturnType<typeof findKey>>>;

/** Across tenants: whose key this is is what the look-up is to tell. */
export function findLiveKey(db: Db, keySha256: string) {
  return db
    .selectFrom('apiKey')
    .innerJoin('tenant', 'tenant.id', 'apiKey.tenantId')
    .select([
      'apiKey.id',
      'tenantId',
      'apiKey.name',
      'mode',
      'scopes',
      'expiresAt',
      'allowedAddresses',
      'tenant.suspendedAt',
    ])
    .where('keySha256', '=', keySha256)
    .where('revokedAt', 'is', null)
    .where((row) => row.or([row('expiresAt', 'is', null), row('expiresAt', '>', sql<Date>`now()`)]))
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
