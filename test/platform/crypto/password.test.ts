import { describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../../../src/platform/process/errors.ts';
import { Passwords } from '../../../src/platform/crypto/password.ts';

const right = 'a bicycle in the rain';

describe('passwords', () => {
  it('are kept as Argon2id with a salt of their own, and known again', async () => {
    const passwords = new Passwords();
    const [first, second] = await Promise.all([passwords.hash(right), passwords.hash(right)]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(first).not.toBe(second);
    await expect(passwords.verify(right, first)).resolves.toBe(true);
    await expect(passwords.verify(`${right} `, first)).resolves.toBe(false);
  });

  it('are the same however a keyboard composes their accents', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('un café à Liège'.normalize('NFC'));
    await expect(passwords.verify('un café à Liège'.normalize('NFD'), stored)).resolves.toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['another form', '$2b$12$abcdefghijklmnopqrstuv'],
    [
      'a cost that would take gigabytes',
      `$argon2id$v=19$m=99999999,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
    ],
  ])('match nothing where %s is stored, after the same work', async (_, stored) => {
    const passwords = new Passwords({ atOnce: 1, maxWaiting: 0 });
    const answer = passwords.verify(right, stored);
    // The one place is taken: there was work, although there was nothing to compare.
    await expect(passwords.hash(right)).rejects.toBeInstanceOf(Unavailable);
    await expect(answer).resolves.toBe(false);
  });

  it('are hashed a few at a time; a few wait, in order, and whoever is too many is told when to come back', async () => {
    const passwords = new Passwords({ atOnce: 2, maxWaiting: 3 });
    const done: number[] = [];
    const accepted = [0, 1, 2, 3, 4].map(async (index) => {
      await passwords.verify(right, undefined);
      done.push(index);
    });
    await expect(passwords.verify(right, undefined)).rejects.toMatchObject({
      name: 'Unavailable',
      retryAfterSeconds: 2,
    });
    await Promise.all(accepted);
    // Whoever is n-th in line begins when all but one of those before him are done.
    for (const index of [0, 1, 2, 3, 4]) expect(done.indexOf(index)).toBeGreaterThanOrEqual(index - 1);
    // The places are free again.
    await expect(passwords.verify(right, undefined)).resolves.toBe(false);
  });

  it('leave the event loop free while they are hashed', async () => {
    const turns = vi.fn<() => void>();
    const timer = setInterval(turns, 1);
    const passwords = new Passwords();
    await Promise.all(Array.from({ length: 6 }, () => passwords.hash(right)));
    clearInterval(timer);
    // On the loop's own thread not one turn would fit in between.
    expect(turns).toHaveBeenCalled();
  });
});
