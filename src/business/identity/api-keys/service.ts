import { hash, randomBytes } from 'node:crypto';
import type { ApiKeyMode } from './api-key-table.ts';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/references/ids.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';

export interface ApiKey {
  readonly id: ApiKeyId;
  readonly tenantId: TenantId;
  readonly name: string;
  readonly mode: ApiKeyMode;
  /** Names of permissions, or `*` for all of them. */
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  /** Addresses and networks; empty lets it be used from anywhere. */
  readonly allowedAddresses: readonly string[];
}

export interface NewApiKey {
  readonly name: string;
  readonly mode?: ApiKeyMode;
  /** All permissions unless named. */
  readonly scopes?: readonly string[];
  readonly expiresAt?: Date | null;
  readonly allowedAddresses?: readonly string[];
  readonly createdBy?: string;
}

const form = /^parley_(?:test|live)_[\w-]{43}$/;

/** The key is in the answer and nowhere else: only its hash is stored. */
export async function createApiKey(
  db: Db,
  tenantId: TenantId,
  input: NewApiKey,
): Promise<{ readonly id: ApiKeyId; readonly key: string }> {
  const { name, mode = 'test', scopes = ['*'], expiresAt = null, allowedAddresses = [] } = input;
  const key = `parley_${mode}_${randomBytes(32).toString('base64url')}`;
  const id = newId('key');
  const row = {
    id,
    name,
    mode,
    keySha256: hash('sha256', key),
    hint: key.slice(-4),
    expiresAt,
    scopes: JSON.stringify(scopes),
    allowedAddresses: JSON.stringify(allowedAddresses),
    createdBy: input.createdBy ?? null,
  };
  await inTenant(db, tenantId, (transaction) => queries.insertKey(transaction, tenantId, row));
  return { id, key };
}

/** Whose key this is; undefined when it is nobody's, or was revoked. */
export async function findApiKey(db: Db, presented: string): Promise<ApiKey | undefined> {
  // What cannot be a key does not reach the database.
  if (!form.test(presented)) return undefined;
  return withSystem(db, async (transaction) => {
    const key = await queries.findLiveKey(transaction, hash('sha256', presented));
    if (key === undefined) return undefined;
    const { suspendedAt, ...known } = key;
    if (suspendedAt !== null) throw tenantSuspended();
    await queries.touchKey(transaction, key.tenantId, key.id);
    return known;
  });
}

export async function revokeApiKey(db: Db, tenantId: TenantId, keyId: ApiKeyId): Promise<void> {
  const revoked = await inTenant(db, tenantId, (transaction) =>
    queries.revokeKey(transaction, tenantId, keyId),
  );
  if (revoked === undefined) throw new NotFound('There is no such key.');
}
