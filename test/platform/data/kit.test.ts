import { beforeAll, describe, expect, it } from 'vitest';
import { productTable } from '../../../src/business/catalog/products/product-table.ts';
import type { Tenancy, Tx } from '../../../src/business/tenancy/tenancy.ts';
import { newId, type TenantId } from '../../../src/platform/data/ids.ts';
import { cursorInstant, keyset } from '../../../src/platform/data/keyset.ts';
import { matching } from '../../../src/platform/data/matching.ts';
import { checkVersion, formatEtag, parseIfMatch } from '../../../src/platform/data/version.ts';
import { InvalidInput, NotFound, StaleVersion } from '../../../src/platform/process/errors.ts';
import { aTenant, useDatabase } from '../../business/a-business.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

const at = useDatabase();
let tenancy: Tenancy;
let tenantId: TenantId;
beforeAll(() => {
  tenancy = testTenancy(at.db);
});

async function inNewTenant<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  tenantId = await aTenant(at.db);
  return tenancy.run({ tenantId }, work);
}

function product(name: string, values: { priceMinor?: number; active?: boolean; createdAt?: Date } = {}) {
  return { id: newId('prd'), slug: name, name, priceMinor: 100, currency: 'USD', ...values };
}

describe('a tenant table', () => {
  it('inserts, finds, locks, updates and removes rows of its transaction’s tenant', async () => {
    await inNewTenant(async (tx) => {
      const inserted = (await productTable.insert(tx, product('bell')))!;
      expect(inserted).toMatchObject({ name: 'bell', version: 1, active: true });
      expect(await productTable.find(tx, inserted.id)).toEqual(inserted);
      expect(await productTable.lock(tx, inserted.id)).toEqual(inserted);
      const updated = await productTable.update(tx, inserted.id, { name: 'horn' });
      expect(updated).toMatchObject({ name: 'horn', version: 2 });
      await productTable.remove(tx, inserted.id);
      expect(await productTable.find(tx, inserted.id)).toBeUndefined();
    });
  });

  it('gives undefined instead of a second row with the same unique columns', async () => {
    await inNewTenant(async (tx) => {
      await productTable.insert(tx, product('bell'));
      expect(await productTable.insert(tx, product('bell'))).toBeUndefined();
    });
  });

  it('has nothing of another tenant, even where the id is known', async () => {
    const { id } = await inNewTenant(async (tx) => (await productTable.insert(tx, product('bell')))!);
    await inNewTenant(async (tx) => {
      expect(await productTable.find(tx, id)).toBeUndefined();
      await expect(productTable.get(tx, id)).rejects.toThrow(NotFound);
      await expect(productTable.lock(tx, id)).rejects.toThrow('There is no such product.');
      await expect(productTable.update(tx, id, { name: 'mine' })).rejects.toThrow(NotFound);
      await productTable.remove(tx, id);
    });
  });

  it('refuses to lock a row for a client that has read an older version', async () => {
    await inNewTenant(async (tx) => {
      const { id } = (await productTable.insert(tx, product('bell')))!;
      await productTable.update(tx, id, { name: 'horn' });
      await expect(productTable.lock(tx, id, [1])).rejects.toThrow(StaleVersion);
      expect(await productTable.lock(tx, id, [1, 2])).toMatchObject({ version: 2 });
    });
  });
});

describe('filters', () => {
  const names = async (tx: Tx, conditions: Parameters<typeof matching<'product'>>[1]) => {
    const rows = await tx
      .selectFrom('product')
      .select('name')
      .where(matching('product', { tenantId: tx.tenantId, ...conditions }))
      .orderBy('name')
      .execute();
    return rows.map(({ name }) => name);
  };

  it('match a value, one of several, null, and a range; what is undefined asks for nothing', async () => {
    await inNewTenant(async (tx) => {
      await productTable.insert(tx, product('a', { priceMinor: 1, active: false }));
      await productTable.insert(tx, product('b', { priceMinor: 2 }));
      await productTable.insert(tx, product('c', { priceMinor: 3 }));
      expect(await names(tx, {})).toEqual(['a', 'b', 'c']);
      expect(await names(tx, { active: undefined, slug: undefined })).toEqual(['a', 'b', 'c']);
      expect(await names(tx, { active: false })).toEqual(['a']);
      expect(await names(tx, { name: ['a', 'c'] })).toEqual(['a', 'c']);
      expect(await names(tx, { name: [] })).toEqual([]);
      expect(await names(tx, { archivedAt: null })).toEqual(['a', 'b', 'c']);
      expect(await names(tx, { priceMinor: { from: 2 } })).toEqual(['b', 'c']);
      expect(await names(tx, { priceMinor: { from: 2, before: 3 } })).toEqual(['b']);
      expect(await names(tx, { createdAt: { before: new Date(0) } })).toEqual([]);
    });
  });
});

describe('pages by key', () => {
  const newestFirst = keyset({ column: 'product.createdAt', codec: cursorInstant }, { column: 'product.id' });
  const byName = keyset({ column: 'product.name' }, { column: 'product.id' });
  const all = (tx: Tx) =>
    tx.selectFrom('product').select(['id', 'name', 'createdAt']).where('tenantId', '=', tx.tenantId);

  it.each(['asc', 'desc'] as const)('give every row once, in order (%s)', async (direction) => {
    await inNewTenant(async (tx) => {
      const created = ['2026-01-01', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-03'];
      for (const [index, day] of created.entries()) {
        await productTable.insert(tx, product(`p${index}`, { createdAt: new Date(day) }));
      }
      for (const order of [byName, newestFirst]) {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await order.page(all(tx), { limit: 2, cursor, direction });
          seen.push(...page.data.map(({ name }) => name));
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen.toSorted()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
        const days = seen.map((name) => created[Number(name[1])]!);
        expect(days).toEqual(direction === 'asc' ? days.toSorted() : days.toSorted().toReversed());
      }
    });
  });

  it('refuse a cursor of another list', async () => {
    await inNewTenant(async (tx) => {
      const foreign = Buffer.from(JSON.stringify([1])).toString('base64url');
      await expect(byName.page(all(tx), { limit: 2, cursor: foreign })).rejects.toThrow(InvalidInput);
      const notInstant = Buffer.from(JSON.stringify(['soon', 'id'])).toString('base64url');
      await expect(newestFirst.page(all(tx), { limit: 2, cursor: notInstant })).rejects.toThrow(InvalidInput);
    });
  });
});

describe('an ETag', () => {
  it('is the version, compared weakly: W/"7" and "7" are the same', () => {
    expect(formatEtag(7)).toBe('W/"7"');
    for (const header of ['W/"7"', '"7"', '"1", W/"7"']) {
      expect(() => checkVersion(parseIfMatch(header), 7)).not.toThrow();
    }
  });

  it('is not asked for by a client without If-Match, or with *', () => {
    expect([parseIfMatch(undefined), parseIfMatch(' * ')]).toEqual([undefined, undefined]);
    expect(() => checkVersion(undefined, 3)).not.toThrow();
  });

  it('stops who has read another version, and whoever sends what is no version of ours', () => {
    for (const header of ['W/"6"', '"other"', '', '7', '"7', '"99999999999"']) {
      expect(() => checkVersion(parseIfMatch(header), 7)).toThrow(StaleVersion);
    }
  });
});

describe('a transaction', () => {
  it('runs what was left for after the commit, and none of it after a rollback', async () => {
    const ran: string[] = [];
    await inNewTenant(async (tx) => {
      tx.afterCommit(() => ran.push('committed'));
      expect(ran).toEqual([]);
      return Promise.resolve();
    });
    await expect(
      tenancy.run({ tenantId }, (tx) => {
        tx.afterCommit(() => ran.push('rolled back'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(ran).toEqual(['committed']);
  });
});
