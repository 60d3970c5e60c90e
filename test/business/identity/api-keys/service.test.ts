import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  createApiKey,
  findApiKey,
  revokeApiKey,
} from '../../../../src/business/identity/api-keys/service.ts';
import { withTenant } from '../../../../src/platform/data/db.ts';
import { NotFound } from '../../../../src/platform/process/errors.ts';
import { aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();

describe('API keys', () => {
  it('lead to their tenant, and are stored as a hash alone', async () => {
    const tenantId = await aTenant(at.db);
    const { id, key } = await createApiKey(at.db, tenantId, { name: 'Console' });
    expect(key).toMatch(/^parley_test_[\w-]{43}$/);
    expect(await findApiKey(at.db, key)).toMatchObject({ id, tenantId, name: 'Console', scopes: ['*'] });
    const { rows } = await withTenant(at.db, tenantId, (transaction) =>
      sql<{ row: string }>`select api_key::text as row from api_key`.execute(transaction),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(key.slice(12, 40));
  });

  it('are noted as used', async () => {
    const tenantId = await aTenant(at.db);
    const { key } = await createApiKey(at.db, tenantId, { name: 'Console' });
    const lastUsedAt = () =>
      withTenant(at.db, tenantId, (transaction) =>
        transaction.selectFrom('apiKey').select('lastUsedAt').executeTakeFirstOrThrow(),
      );
    expect((await lastUsedAt()).lastUsedAt).toBeNull();
    await findApiKey(at.db, key);
    expect((await lastUsedAt()).lastUsedAt).toBeInstanceOf(Date);
  });

  it('are nobody’s when changed, malformed or revoked, and only their tenant revokes them', async () => {
    const [tenantId, other] = [await aTenant(at.db), await aTenant(at.db)];
    const { id, key } = await createApiKey(at.db, tenantId, { name: 'Console' });
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    for (const presented of [changed, '', 'parley_test_', `${key} `, key.toUpperCase()]) {
      expect(await findApiKey(at.db, presented)).toBeUndefined();
    }
    await expect(revokeApiKey(at.db, other, id)).rejects.toThrow(NotFound);
    expect(await findApiKey(at.db, key)).toBeDefined();
    await revokeApiKey(at.db, tenantId, id);
    expect(await findApiKey(at.db, key)).toBeUndefined();
  });
});
