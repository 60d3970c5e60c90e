import { describe, expect, it } from 'vitest';
import { OneTimeCodes } from '../../../../src/business/identity/auth/one-time-codes.ts';
import { useDatabase } from '../../a-business.ts';
import { aNumber, wrong } from './a-person.ts';

const at = useDatabase();
const codes = new OneTimeCodes({ tokenSecret: 'a secret for tests' });
const now = new Date('2026-03-02T09:00:00.000Z');

function check(phone: string, code: string, spend = true): Promise<boolean> {
  return at.tenancy.system((tx) => codes.check(tx, { phone, purpose: 'sign-in', code, spend }, now));
}

function issue(phone: string): Promise<string> {
  return codes.issue(at.tenancy, { phone, purpose: 'sign-in' }, now);
}

describe('one-time codes', () => {
  it('are spent by one of many who bring the right one at the same moment', async () => {
    const phone = aNumber();
    const code = await issue(phone);
    const answers = await Promise.all(Array.from({ length: 30 }, () => check(phone, code)));
    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('are guessed at five times, however many guess at the same moment', async () => {
    const phone = aNumber();
    const code = await issue(phone);
    await Promise.all(Array.from({ length: 30 }, () => check(phone, wrong(code))));
    expect(await check(phone, code)).toBe(false);
    const row = await at.tenancy.system((tx) =>
      tx.selectFrom('oneTimeCode').select('wrongTries').orderBy('id', 'desc').executeTakeFirstOrThrow(),
    );
    expect(row.wrongTries).toBe(5);
  });

  it('are checked without being spent as often as one likes', async () => {
    const phone = aNumber();
    const code = await issue(phone);
    for (let count = 0; count < 6; count += 1) expect(await check(phone, code, false)).toBe(true);
    expect(await check(phone, code)).toBe(true);
  });

  it('are issued to one of many who ask at the same moment', async () => {
    const phone = aNumber();
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => issue(phone)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('are worth nothing to another number, or under another secret', async () => {
    const [phone, other] = [aNumber(), aNumber()];
    const code = await issue(phone);
    const foreign = new OneTimeCodes({ tokenSecret: 'another secret' });
    expect(await check(other, code)).toBe(false);
    const underAnother = at.tenancy.system((tx) =>
      foreign.check(tx, { phone, purpose: 'sign-in', code, spend: true }, now),
    );
    expect(await underAnother).toBe(false);
  });
});
