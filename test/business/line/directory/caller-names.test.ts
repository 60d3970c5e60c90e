import { describe, expect, it } from 'vitest';
import { findOrCreateCustomerByPhone, renameCustomer } from '../../../../src/business/customers/customers.ts';
import { CallerNames } from '../../../../src/business/line/directory/directory.ts';
import type { Db } from '../../../../src/platform/data/db.ts';
import { createLogger } from '../../../../src/platform/process/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { aPhone, aTenant, useDatabase } from '../../a-business.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();

function namesOf(db: Db, clock = new FakeClock()): CallerNames {
  return new CallerNames({ tenancy: testTenancy(db), clock, logger: createLogger({ logLevel: 'silent' }) });
}

describe('the names of callers', () => {
  it('are not there until they were looked up, and are the tenant’s own', async () => {
    const [tenantId, stranger] = [await aTenant(at.db), await aTenant(at.db)];
    const phone = aPhone();
    await at.tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone, name: 'Maya' }));
    const names = namesOf(at.db);
    expect(names.find(tenantId, phone)).toBeUndefined();
    await names.lookUp(tenantId, phone);
    await names.lookUp(stranger, phone);
    expect(names.find(tenantId, phone)).toBe('Maya');
    expect(names.find(stranger, phone)).toBeUndefined();
  });

  it('are learnt again on a later call', async () => {
    const tenantId = await aTenant(at.db);
    const phone = aPhone();
    const { id } = await at.tenancy.run({ tenantId }, (tx) =>
      findOrCreateCustomerByPhone(tx, { phone, name: 'Maya' }),
    );
    const clock = new FakeClock();
    const names = namesOf(at.db, clock);
    await names.lookUp(tenantId, phone);
    await at.tenancy.run({ tenantId }, (tx) => renameCustomer(tx, id, 'Maya Lindgren'));
    clock.advance(120_000);
    expect(names.find(tenantId, phone)).toBeUndefined();
    await names.lookUp(tenantId, phone);
    expect(names.find(tenantId, phone)).toBe('Maya Lindgren');
  });

  it('[F14] are missing while the database is down, and nothing breaks', async () => {
    const unreachable = new Proxy({} as Db, {
      get() {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    });
    const names = namesOf(unreachable);
    const tenantId = await aTenant(at.db);
    await expect(names.lookUp(tenantId, '+14155550100')).resolves.toBeUndefined();
    expect(names.find(tenantId, '+14155550100')).toBeUndefined();
  });
});
