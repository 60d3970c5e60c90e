import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  createOperatorKey,
  revokeApiKey,
} from '../../../../src/business/identity/api-keys/api-key-service.ts';
import { findApiKey } from '../../../../src/business/identity/api-keys/find-api-key.ts';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import type { ApiKeyId } from '../../../../src/business/tenancy/ids/ids.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { NotFound } from '../../../../src/platform/process/errors.ts';
import { aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();

function create(tenantId: TenantId) {
  const actor = systemActor(tenantId, 'test');
  return at.tenancy.run(actor, (tx) => createOperatorKey(tx, actor, { name: 'Console' }));
}

function revoke(tenantId: TenantId, keyId: ApiKeyId): Promise<void> {
  const actor = systemActor(tenantId, 'test');
  return at.tenancy.run(actor, (tx) => revokeApiKey(tx, actor, keyId, { now: new Date() }));
}

describe('API keys', () => {
  it('lead to their tenant, and are stored as a hash alone', async () => {
    const tenantId = await aTenant(at.db);
    const { id, key, name } = await create(tenantId);
    expect(name).toBe('Console');
    expect(key).toMatch(/^parley_test_[\w-]{43}$/);
    expect(await findApiKey(at.tenancy, key)).toMatchObject({ id, tenantId, scopes: ['*'] });
    const { rows } = await at.tenancy.run({ tenantId }, (tx) =>
      sql<{ row: string }>`select api_key::text as row from api_key`.execute(tx),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(key.slice(12, 40));
  });

  it('are noted as used', async () => {
    const tenantId = await aTenant(at.db);
    const { key } = await create(tenantId);
    const lastUsedAt = () =>
      at.tenancy.run({ tenantId }, (tx) =>
        tx.selectFrom('apiKey').select('lastUsedAt').executeTakeFirstOrThrow(),
      );
    expect((await lastUsedAt()).lastUsedAt).toBeNull();
    await findApiKey(at.tenancy, key);
    expect((await lastUsedAt()).lastUsedAt).toBeInstanceOf(Date);
  });

  it('are nobody’s when changed, malformed or revoked, and only their tenant revokes them', async () => {
    const [tenantId, other] = [await aTenant(at.db), await aTenant(at.db)];
    const { id, key } = await create(tenantId);
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    for (const presented of [changed, '', 'parley_test_', `${key} `, key.toUpperCase()]) {
      expect(await findApiKey(at.tenancy, presented)).toBeUndefined();
    }
    await expect(revoke(other, id)).rejects.toThrow(NotFound);
    expect(await findApiKey(at.tenancy, key)).toBeDefined();
    await revoke(tenantId, id);
    expect(await findApiKey(at.tenancy, key)).toBeUndefined();
  });
});
