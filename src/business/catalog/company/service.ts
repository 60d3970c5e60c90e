import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { parsePhone } from '../../customers/customers.ts';
import {
  findTenantProfile,
  isTimeZone,
  lockTenantProfile,
  type TenantProfile,
  type TenantProfileChanges,
  updateTenantProfile,
} from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { type Address, decryptAddress, encryptAddress } from './address.ts';
import { presentCompany } from './schema.ts';

/** What a business says of itself. */
export interface Company {
  readonly id: TenantId;
  readonly name: string;
  readonly legalName: string | null;
  readonly description: string;
  readonly website: string | null;
  readonly address: Address | null;
  /** E.164. */
  readonly phone: string | null;
  readonly email: string | null;
  /** IANA zone. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly languages: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type Changeable = Omit<Company, 'id' | 'createdAt' | 'updatedAt'>;

export type CompanyChanges = { readonly [Field in keyof Changeable]?: Changeable[Field] | undefined };

export function getCompany(db: Db, tenantId: TenantId): Promise<Company> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await findTenantProfile(transaction, tenantId);
    return row === undefined ? noSuchBusiness() : toCompany(row);
  });
}

export function updateCompany(
  db: Db,
  actor: TenantActor,
  changes: CompanyChanges,
  ifMatch?: string,
): Promise<Company> {
  const { tenantId } = actor;
  if (changes.timeZone !== undefined && !isTimeZone(changes.timeZone)) {
    throw new InvalidInput(
      `"${changes.timeZone}" is not a time zone.`,
      [{ pointer: '/timeZone', detail: 'must be an IANA name such as America/New_York' }],
      { code: 'not-a-time-zone', data: { value: changes.timeZone } },
    );
  }
  const values = toValues(changes);
  return inTenant(db, tenantId, async (transaction) => {
    const row = await lockTenantProfile(transaction, tenantId);
    if (row === undefined) return noSuchBusiness();
    const before = toCompany(row);
    checkMatch(ifMatch, presentCompany(before));
    const after = toCompany(await updateTenantProfile(transaction, tenantId, values));
    await recordChange(transaction, actor, {
      action: 'company.updated',
      resource: 'company',
      resourceId: tenantId,
      before,
      after,
    });
    return after;
  });
}

function toValues({ address, phone, email, languages, ...plain }: CompanyChanges): TenantProfileChanges {
  return {
    ...plain,
    ...(address === undefined ? {} : { addressEncrypted: encryptAddress(address) }),
    ...(phone === undefined
      ? {}
      : { phoneEncrypted: phone === null ? null : encrypt(parsePhone(phone, '/phone')) }),
    ...(email === undefined ? {} : { emailEncrypted: email === null ? null : encrypt(email) }),
    ...(languages === undefined ? {} : { languages: JSON.stringify(languages) }),
  };
}

function toCompany(row: TenantProfile): Company {
  const { version: _version, addressEncrypted, phoneEncrypted, emailEncrypted, ...plain } = row;
  return {
    ...plain,
    address: decryptAddress(addressEncrypted),
    phone: phoneEncrypted === null ? null : decrypt(phoneEncrypted),
    email: emailEncrypted === null ? null : decrypt(emailEncrypted),
  };
}

function noSuchBusiness(): never {
  throw new NotFound('There is no such business.');
}
