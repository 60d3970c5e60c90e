import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { KnownKey } from '../../tenancy/access/access.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { isSuspended, tenantSuspended } from '../../tenancy/tenants/tenants.ts';

const form = /^parley_(?:test|live)_[\w-]{43}$/;

/** Finds a key across tenants; undefined if it is unknown, revoked or expired. */
export async function findApiKey(tenancy: Tenancy, presented: string): Promise<KnownKey | undefined> {
  // Malformed keys do not reach the database.
  if (!form.test(presented)) return undefined;
  return tenancy.system(async (tx) => {
    const key = await findLiveKey(tx, hash('sha256', presented));
    if (key === undefined) return undefined;
    if (await isSuspended(tx, key.tenantId)) throw tenantSuspended();
    await touchKey(tx, key);
    return key;
  });
}

function findLiveKey(tx: SystemTx, keySha256: string): Promise<KnownKey | undefined> {
  return tx
    .selectFrom('apiKey')
    .select(['id', 'tenantId', 'mode', 'scopes', 'expiresAt', 'allowedAddresses'])
    .where('keySha256', '=', keySha256)
    .where('revokedAt', 'is', null)
    .where((row) => row.or([row('expiresAt', 'is', null), row('expiresAt', '>', sql<Date>`now()`)]))
    .executeTakeFirst();
}

/** Updates `lastUsedAt` at most once a minute, to avoid a write with every request. */
async function touchKey(tx: SystemTx, { tenantId, id }: KnownKey): Promise<void> {
  await tx
    .updateTable('apiKey')
    .set({ lastUsedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .where((row) =>
      row.or([row('lastUsedAt', 'is', null), row('lastUsedAt', '<', sql<Date>`now() - interval '1 minute'`)]),
    )
    .execute();
}
