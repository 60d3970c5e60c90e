import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
} from '../../../src/business/customers/customers.ts';
import { createTenancy } from '../../../src/business/tenancy/tenancy.ts';
import { PersonalDataCipher } from '../../../src/platform/crypto/personal-data.ts';
import { aPhone, aTenant, useDatabase } from '../a-business.ts';

const at = useDatabase();

describe('a tenancy', () => {
  it('encrypts with its own keys, and neither finds nor reads what another encrypted', async () => {
    const tenantId = await aTenant(at.db);
    const phone = aPhone();
    const [ours, theirs] = [1, 2].map(() => createTenancy(at.db, new PersonalDataCipher([randomBytes(32)])));
    const { id } = await ours!.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone }));
    expect(await theirs!.run({ tenantId }, (tx) => findCustomerByPhone(tx, phone))).toBeUndefined();
    expect(await ours!.run({ tenantId }, (tx) => findCustomerByPhone(tx, phone))).toMatchObject({
      id,
      phone,
    });
    const stored = await theirs!.run({ tenantId }, (tx) =>
      tx.selectFrom('customer').select('phoneEncrypted').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    await expect(
      theirs!.run({ tenantId }, (tx) => Promise.try(() => tx.cipher.decrypt(stored.phoneEncrypted))),
    ).rejects.toThrow('not in ENCRYPTION_KEY any more');
  });
});
