import { type Db, withSystem } from '../../../platform/data/db.ts';
import { newId } from '../../../platform/data/ids.ts';
import type { PersonId } from '../../tenancy/references/ids.ts';
import { blindIndex, blindIndexes, decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import * as queries from './person-queries.ts';

/** Who signs in. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly hasPassword: boolean;
}

/** With what only signing in needs. */
export interface PersonRecord extends Person {
  readonly passwordHash: string | null;
  readonly isEmailVerified: boolean;
  readonly googleSubject: string | null;
  readonly isDisabled: boolean;
}

/** One of the three is what the person signs in with. */
export interface NewPerson {
  readonly name: string;
  readonly email?: { readonly address: string; readonly isVerified: boolean } | undefined;
  /** Verified: a code has come back from it. */
  readonly phone?: string | undefined;
  readonly googleSubject?: string | undefined;
  readonly passwordHash?: string | undefined;
}

/** As it is kept and looked for. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Within work across tenants; undefined when the address or the number is somebody's already. */
export async function createPerson(system: Db, input: NewPerson, now: Date): Promise<Person | undefined> {
  const { email, phone } = input;
  // The unique index knows the newest key alone; rows of an older one are found here.
  if (email !== undefined && (await findByEmail(system, email.address)) !== undefined) return undefined;
  if (phone !== undefined && (await findByPhone(system, phone)) !== undefined) return undefined;
  const row = await queries.insertPerson(system, {
    id: newId('per'),
    name: input.name,
    ...(email === undefined ? {} : emailColumns(email, now)),
    ...(phone === undefined
      ? {}
      : { phoneEncrypted: encrypt(phone), phoneIndex: blindIndex(phone), phoneVerifiedAt: now }),
    passwordHash: input.passwordHash ?? null,
    googleSubject: input.googleSubject ?? null,
    createdAt: now,
    updatedAt: now,
  });
  return row === undefined ? undefined : toRecord(row);
}

function emailColumns(email: NonNullable<NewPerson['email']>, now: Date) {
  return {
    emailEncrypted: encrypt(email.address),
    emailIndex: blindIndex(email.address),
    emailVerifiedAt: email.isVerified ? now : null,
  };
}

/** Within work across tenants, as all of these. */
export async function findByEmail(system: Db, email: string): Promise<PersonRecord | undefined> {
  return toRecord(await queries.findPersonByEmail(system, blindIndexes(email)));
}

export async function findByPhone(system: Db, phone: string): Promise<PersonRecord | undefined> {
  return toRecord(await queries.findPersonByPhone(system, blindIndexes(phone)));
}

export async function findByGoogleSubject(system: Db, subject: string): Promise<PersonRecord | undefined> {
  return toRecord(await queries.findPersonByGoogleSubject(system, subject));
}

export async function findById(system: Db, personId: PersonId): Promise<PersonRecord | undefined> {
  return toRecord(await queries.findPersonById(system, personId));
}

export async function setPassword(
  system: Db,
  personId: PersonId,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await queries.updatePerson(system, personId, { passwordHash, updatedAt: now });
}

/** Somebody has answered what was sent there. */
export async function verifyEmail(system: Db, personId: PersonId, now: Date): Promise<void> {
  await queries.updatePerson(system, personId, { emailVerifiedAt: now, updatedAt: now });
}

export async function linkGoogle(system: Db, personId: PersonId, subject: string, now: Date): Promise<void> {
  await queries.updatePerson(system, personId, { googleSubject: subject, updatedAt: now });
}

/** Of somebody who was about to become a member and did not. */
export async function discardPerson(db: Db, personId: PersonId): Promise<void> {
  await withSystem(db, (system) => queries.deletePerson(system, personId));
}

type PersonRow = NonNullable<Awaited<ReturnType<typeof queries.findPersonById>>>;

function toRecord(row: PersonRow): PersonRecord;
function toRecord(row: PersonRow | undefined): PersonRecord | undefined;
function toRecord(row: PersonRow | undefined): PersonRecord | undefined {
  if (row === undefined) return undefined;
  return {
    id: row.id,
    name: row.name,
    email: row.emailEncrypted === null ? null : decrypt(row.emailEncrypted),
    phone: row.phoneEncrypted === null ? null : decrypt(row.phoneEncrypted),
    hasPassword: row.passwordHash !== null,
    passwordHash: row.passwordHash,
    isEmailVerified: row.emailVerifiedAt !== null,
    googleSubject: row.googleSubject,
    isDisabled: row.disabledAt !== null,
  };
}
