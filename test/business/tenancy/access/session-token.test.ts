import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../../src/platform/data/ids.ts';
import { type SessionClaims, SessionTokens } from '../../../../src/business/tenancy/access/session-token.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const clock = new FakeClock();
const tokens = new SessionTokens({ tokenSecret: 's'.repeat(32), clock });
const claims: SessionClaims = {
  kind: 'member',
  tenantId: newId('tnt'),
  memberId: newId('mem'),
  personId: newId('per'),
  sessionId: newId('ses'),
  role: 'owner',
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('session tokens', () => {
  it('say who they were issued to, for a quarter of an hour', async () => {
    const token = await tokens.issue(claims);
    await expect(tokens.verify(token)).resolves.toEqual(claims);
    clock.advance(15 * 60_000 - 1_000);
    await expect(tokens.verify(token)).resolves.toEqual(claims);
    clock.advance(1_000);
    await expect(tokens.verify(token)).resolves.toBeUndefined();
  });

  it('are nobody’s when any character was changed', async () => {
    const token = await tokens.issue(claims);
    for (let index = 0; index < token.length; index += 1) {
      const changed = `${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
      // The last character of a part has bits that decode to nothing; they count too.
      await expect(tokens.verify(changed)).resolves.toBeUndefined();
    }
  });

  it('are nobody’s with another secret, another algorithm, or none', async () => {
    const [, body] = (await tokens.issue(claims)).split('.') as [string, string, string];
    const elsewhere = new SessionTokens({ tokenSecret: 't'.repeat(32), clock });
    await expect(tokens.verify(await elsewhere.issue(claims))).resolves.toBeUndefined();
    await expect(tokens.verify(`${encode({ alg: 'none', typ: 'JWT' })}.${body}.`)).resolves.toBeUndefined();
    const head = encode({ alg: 'HS256', typ: 'JWT' });
    // Signed with the secret itself, as stream tokens are.
    const signature = createHmac('sha256', 's'.repeat(32)).update(`${head}.${body}`).digest('base64url');
    await expect(tokens.verify(`${head}.${body}.${signature}`)).resolves.toBeUndefined();
    for (const nonsense of ['', '.', '..', 'a.b', `${head}.${body}.x.y`]) {
      await expect(tokens.verify(nonsense)).resolves.toBeUndefined();
    }
  });

  it('of staff name the tenant they act for, while they do', async () => {
    const staff: SessionClaims = { kind: 'staff', staffId: newId('stf'), sessionId: 'sfs_1' };
    await expect(tokens.verify(await tokens.issue(staff))).resolves.toEqual(staff);
    const acting = { ...staff, tenantId: newId('tnt') };
    await expect(tokens.verify(await tokens.issue(acting))).resolves.toEqual(acting);
  });
});
