import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { checkVersion, type RequestedChange } from '../../../platform/data/version.ts';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { parsePhone } from '../../customers/customers.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import {
  findTenantProfile,
  isTimeZone,
  lockTenantProfile,
  type TenantProfile,
  type TenantProfileChanges,
  updateTenantProfile,
} from '../../tenancy/tenants/tenants.ts';
import { decryptAddress, encryptAddress } from './address.ts';
import { companyEvents } from './company-events.ts';
import type { Company, CompanyChanges } from './profile.ts';

export async function getCompany(tx: Tx): Promise<Company> {
  return toCompany(tx.cipher, await findTenantProfile(tx));
}

export async function changeCompany(
  tx: Tx,
  actor: TenantActor,
  { changes, ifMatch }: RequestedChange<CompanyChanges>,
): Promise<Company> {
  const { tenantId, cipher } = tx;
  refuseUnknownZone(changes.timeZone);
  const before = toCompany(cipher, await lockTenantProfile(tx));
  checkVersion(ifMatch, before.version);
  if (Object.keys(changes).length === 0) return before;
  const after = toCompany(cipher, await updateTenantProfile(tx, toValues(cipher, changes)));
  await happened(tx, actor, companyEvents.updated({ subject: tenantId, before, after }));
  return after;
}

function refuseUnknownZone(timeZone: string | undefined): void {
  if (timeZone === undefined || isTimeZone(timeZone)) return;
  throw new InvalidInput(
    `"${timeZone}" is not a time zone.`,
    [{ pointer: '/timeZone', detail: 'must be an IANA name such as America/New_York' }],
    { code: 'not-a-time-zone', data: { value: timeZone } },
  );
}

function toValues(
  cipher: PersonalDataCipher,
  { address, phone, email, languages, ...plain }: CompanyChanges,
): TenantProfileChanges {
  return {
    ...plain,
    ...(address === undefined ? {} : { addressEncrypted: encryptAddress(cipher, address) }),
    ...(phone === undefined
      ? {}
      : { phoneEncrypted: cipher.encrypt(phone === null ? null : parsePhone(phone, '/phone')) }),
    ...(email === undefined ? {} : { emailEncrypted: cipher.encrypt(email) }),
    ...(languages === undefined ? {} : { languages: JSON.stringify(languages) }),
  };
}

function toCompany(cipher: PersonalDataCipher, row: TenantProfile | undefined): Company {
  if (row === undefined) throw new NotFound('There is no such business.');
  const { addressEncrypted, phoneEncrypted, emailEncrypted, languages, ...plain } = row;
  return {
    ...plain,
    languages: [...languages],
    address: decryptAddress(cipher, addressEncrypted),
    phone: cipher.decrypt(phoneEncrypted),
    email: cipher.decrypt(emailEncrypted),
  };
}
