import { describe, expect, it } from 'vitest';
import { findPhone } from '../../../src/business/customers/customers.ts';
import {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  renameCustomer,
} from '../../../src/business/customers/customers.ts';
import { listMessages } from '../../../src/business/desk/messages/messages.ts';
import { InvalidInput } from '../../../src/platform/process/errors.ts';
import { aMessage, aPhone, aTenant, useDatabase } from '../a-business.ts';

const at = useDatabase();

describe('customers', () => {
  it('are one per phone number, however it is written and however many ask at once', async () => {
    const tenantId = await aTenant(at.db);
    const found = await Promise.all(
      ['+14155550123', '+1 (415) 555-0123', ' +1 415 555 0123 '].map((phone) =>
        at.tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone })),
      ),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found[0]!.phone).toBe('+14155550123');
  });

  it('keep the name they have, and take one where none is known', async () => {
    const tenantId = await aTenant(at.db);
    const phone = aPhone();
    const named = async (name?: string) =>
      (await at.tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone, name }))).name;
    expect([await named(), await named(' Maya '), await named('Dana')]).toEqual([null, 'Maya', 'Maya']);
    const { id } = (await at.tenancy.run({ tenantId }, (tx) => findCustomerByPhone(tx, phone)))!;
    expect(await at.tenancy.run({ tenantId }, (tx) => renameCustomer(tx, id, 'Maya Lindgren'))).toMatchObject(
      {
        name: 'Maya Lindgren',
      },
    );
  });

  it('need a phone number; a withheld one finds nobody', async () => {
    const tenantId = await aTenant(at.db);
    await expect(
      at.tenancy.run({ tenantId }, (tx) => findOrCreateCustomerByPhone(tx, { phone: 'anonymous' })),
    ).rejects.toThrow(InvalidInput);
    expect(await at.tenancy.run({ tenantId }, (tx) => findCustomerByPhone(tx, 'anonymous'))).toBeUndefined();
  });

  it('say their number as at home, and it is read near the one they call from', () => {
    expect(findPhone('020 7946 0018', '+447700900123')).toBe('+442079460018');
    expect(findPhone('(415) 555-0199', '+14155550123')).toBe('+14155550199');
    expect(findPhone('0199')).toBeUndefined();
  });
});

describe('phone messages', () => {
  it('are kept with who is to be called back, newest first', async () => {
    const tenantId = await aTenant(at.db);
    await aMessage(at.tenancy, tenantId, { body: 'Is my bike ready?', callerPhone: '+14155550123' });
    await aMessage(at.tenancy, tenantId, {
      body: ' Please call. ',
      callerName: 'Maya',
      callbackPhone: '415 555 0199',
      callerPhone: '+14155550123',
      urgent: true,
    });
    const { data } = await at.tenancy.run({ tenantId }, (tx) => listMessages(tx, { limit: 20 }));
    expect(data).toMatchObject([
      {
        body: 'Please call.',
        callerName: 'Maya',
        callbackPhone: '+14155550199',
        urgent: true,
        status: 'new',
      },
      { body: 'Is my bike ready?', callerName: null, callbackPhone: '+14155550123', urgent: false },
    ]);
  });

  it('are taken from a withheld number too, and refused when empty or with half a number', async () => {
    const tenantId = await aTenant(at.db);
    const message = await aMessage(at.tenancy, tenantId, { body: 'Hello', callerPhone: 'anonymous' });
    expect(message.callbackPhone).toBeNull();
    await expect(aMessage(at.tenancy, tenantId, { body: ' ' })).rejects.toMatchObject({
      code: 'message-empty',
    });
    await expect(aMessage(at.tenancy, tenantId, { body: 'Hi', callbackPhone: '12' })).rejects.toThrow(
      InvalidInput,
    );
  });
});
