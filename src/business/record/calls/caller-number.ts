import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { findPhone } from '../../customers/customers.ts';

/** Columns stored for the caller: ciphertext, and a blind index where the carrier gives a number and not "anonymous". */
export function callerColumns(
  cipher: PersonalDataCipher,
  from: string,
): {
  readonly fromEncrypted: string;
  readonly fromIndex: string | null;
} {
  const phone = findPhone(from);
  return {
    fromEncrypted: cipher.encrypt(from),
    fromIndex: phone === undefined ? null : cipher.blindIndex(phone),
  };
}

/** Blind indexes that find the calls of a number, one per key; undefined for a text that is no number. */
export function callerIndexes(cipher: PersonalDataCipher, from: string): readonly string[] | undefined {
  const phone = findPhone(from);
  return phone === undefined ? undefined : cipher.blindIndexes(phone);
}
