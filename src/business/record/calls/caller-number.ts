import { blindIndex, blindIndexes, decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import { findPhone } from '../../customers/customers.ts';

/** Columns stored for the caller: ciphertext, and a blind index where the carrier gives a number and not "anonymous". */
export function callerColumns(from: string): {
  readonly fromEncrypted: string;
  readonly fromIndex: string | null;
} {
  const phone = findPhone(from);
  return { fromEncrypted: encrypt(from), fromIndex: phone === undefined ? null : blindIndex(phone) };
}

/** Null once the caller was erased. */
export function readCaller(fromEncrypted: string | null): string | null {
  return fromEncrypted === null ? null : decrypt(fromEncrypted);
}

/** Blind indexes that find the calls of a number, one per key; undefined for a text that is no number. */
export function callerIndexes(from: string): readonly string[] | undefined {
  const phone = findPhone(from);
  return phone === undefined ? undefined : blindIndexes(phone);
}
