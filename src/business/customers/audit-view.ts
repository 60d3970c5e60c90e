import { blindIndex } from '../../platform/crypto/personal-data.ts';
import type { Customer } from './customer.ts';

/** A customer as the audit log may keep one: it tells that a name changed, not what it was or is. */
export function auditView({ phone, email, address, name }: Customer) {
  return { phone, email, address, name: name === null ? null : `[personal ${blindIndex(name).slice(0, 4)}]` };
}
