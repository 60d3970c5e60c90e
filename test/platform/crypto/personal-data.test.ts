import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PersonalDataCipher } from '../../../src/platform/crypto/personal-data.ts';

const [older, newer] = [randomBytes(32), randomBytes(32)];

describe('personal data', () => {
  const cipher = new PersonalDataCipher([newer]);

  it('decrypts to the text that was encrypted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const stored = cipher.encrypt(text);
        expect(cipher.decrypt(stored)).toBe(text.toWellFormed());
      }),
    );
  });

  it('shows neither itself nor that two texts are the same', () => {
    const stored = cipher.encrypt('+14155550100');
    expect(stored).not.toContain('4155550100');
    expect(cipher.encrypt('+14155550100')).not.toBe(stored);
  });

  it('is refused when any of it was changed', () => {
    const stored = cipher.encrypt('robin@example.com');
    const [version, key, body] = stored.split('.') as [string, string, string];
    for (let index = 0; index < body.length - 1; index += 1) {
      const changed = `${body.slice(0, index)}${body[index] === 'A' ? 'B' : 'A'}${body.slice(index + 1)}`;
      expect(() => cipher.decrypt(`${version}.${key}.${changed}`)).toThrow(/./);
    }
    for (const cut of ['', stored.slice(0, -4), `${version}.${key}.`]) {
      expect(() => cipher.decrypt(cut)).toThrow(/./);
    }
  });

  it('is found by an index that says nothing without the key', () => {
    const other = new PersonalDataCipher([older]);
    expect(cipher.blindIndex('a')).toBe(cipher.blindIndex('a'));
    expect(cipher.blindIndex('a')).not.toBe(cipher.blindIndex('b'));
    expect(cipher.blindIndex('a')).not.toBe(other.blindIndex('a'));
  });

  it('is read and found while a new key replaces the old one, and written with the new one', () => {
    const before = new PersonalDataCipher([older]);
    const during = new PersonalDataCipher([newer, older]);
    const after = new PersonalDataCipher([newer]);
    expect(during.decrypt(before.encrypt('x'))).toBe('x');
    expect(during.blindIndexes('x')).toEqual([after.blindIndex('x'), before.blindIndex('x')]);
    expect(after.decrypt(during.encrypt('x'))).toBe('x');
    expect(() => after.decrypt(before.encrypt('x'))).toThrow(/not in ENCRYPTION_KEY any more/);
  });
});
