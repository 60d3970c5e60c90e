import { blindIndex, blindIndexes, decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import { findPhone } from '../../customers/customers.ts';

/** Whom the carrier says a call is from, as it is kept: only a number can be looked for, "anonymous" cannot. */
export function keepCaller(from: string): {
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

/** What to look for calls of a number by; undefined for what is no number. */
export function callerIndexes(from: string): readonly string[] | undefined {
  const phone = findPhone(from);
  return phone === undefined ? undefined : blindIndexes(phone);
}
