import type { CustomerId } from '../tenancy/references/ids.ts';
import { blindIndex, decrypt, encrypt } from '../../platform/crypto/personal-data.ts';
import { lastNameKey, nameKey } from './name-key.ts';
import type { CustomerRow } from './queries.ts';

export interface Customer {
  readonly id: CustomerId;
  /** E.164. */
  readonly phone: string | null;
  /** In lower case. */
  readonly email: string | null;
  readonly address: string | null;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly erasedAt: Date | null;
}

export interface CustomerDetails {
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly name?: string | null | undefined;
}

export function toCustomer(row: CustomerRow): Customer {
  const { id, name, createdAt, updatedAt, erasedAt } = row;
  return {
    id,
    phone: readable(row.phoneEncrypted),
    email: readable(row.emailEncrypted),
    address: readable(row.addressEncrypted),
    name,
    createdAt,
    updatedAt,
    erasedAt,
  };
}

/** The columns of the details that are given, as they are kept; what is left out stays as it is. */
export function toColumns(details: CustomerDetails) {
  const { phone, email, address, name } = details;
  return {
    ...(phone === undefined ? {} : { phoneEncrypted: sealed(phone), phoneIndex: phone && blindIndex(phone) }),
    ...(email === undefined ? {} : { emailEncrypted: sealed(email), emailIndex: email && blindIndex(email) }),
    ...(address === undefined ? {} : { addressEncrypted: sealed(address) }),
    ...(name === undefined
      ? {}
      : { name, nameKey: name && nameKey(name), lastNameKey: name && lastNameKey(name) }),
  };
}

function readable(stored: string | null): string | null {
  return stored === null ? null : decrypt(stored);
}

function sealed(text: string | null): string | null {
  return text === null ? null : encrypt(text);
}
