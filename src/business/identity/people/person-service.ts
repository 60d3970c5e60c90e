import { type SqlBool, sql, type Updateable } from 'kysely';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching, prefixPattern } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import type { PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import type { PersonTable } from './person-table.ts';

/** An account that signs in. */
export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly hasPassword: boolean;
}

/** A person with the fields for signing in. */
export interface PersonRecord extends Person {
  readonly passwordHash: string | null;
  readonly isEmailVerified: boolean;
  readonly googleSubject: string | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** A new account, with at least one of the three to sign in with. */
export interface NewPerson {
  readonly name: string;
  readonly email?: { readonly address: string; readonly isVerified: boolean } | undefined;
  /** Verified by a code. */
  readonly phone?: string | undefined;
  readonly googleSubject?: string | undefined;
  readonly passwordHash?: string | undefined;
}

const columns = [
  'id',
  'name',
  'emailEncrypted',
  'emailVerifiedAt',
  'phoneEncrypted',
  'passwordHash',
  'googleSubject',
  'createdAt',
  'disabledAt',
] as const;

/** Normalises an address for storage and look-ups. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Undefined if the address or the number is in use. */
export async function createPerson(tx: SystemTx, input: NewPerson, now: Date): Promise<Person | undefined> {
  const { email, phone } = input;
  // The unique index covers blind indexes of the newest key only; this finds rows with older keys.
  if (email !== undefined && (await findByEmail(tx, email.address)) !== undefined) return undefined;
  if (phone !== undefined && (await findByPhone(tx, phone)) !== undefined) return undefined;
  const row = await tx
    .insertInto('person')
    .values({
      id: newId('per'),
      name: input.name,
      ...(email === undefined ? {} : emailColumns(tx.cipher, email, now)),
      ...(phone === undefined ? {} : phoneColumns(tx.cipher, phone, now)),
      passwordHash: input.passwordHash ?? null,
      googleSubject: input.googleSubject ?? null,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
  return row && toRecord(tx.cipher, row);
}

function emailColumns(cipher: PersonalDataCipher, email: NonNullable<NewPerson['email']>, now: Date) {
  return {
    emailEncrypted: cipher.encrypt(email.address),
    emailIndex: cipher.blindIndex(email.address),
    emailVerifiedAt: email.isVerified ? now : null,
  };
}

function phoneColumns(cipher: PersonalDataCipher, phone: string, now: Date) {
  return {
    phoneEncrypted: cipher.encrypt(phone),
    phoneIndex: cipher.blindIndex(phone),
    phoneVerifiedAt: now,
  };
}

export function findByEmail(tx: SystemTx, email: string): Promise<PersonRecord | undefined> {
  return first(tx, selectPeople(tx).where('emailIndex', 'in', tx.cipher.blindIndexes(email)));
}

export function findByPhone(tx: SystemTx, phone: string): Promise<PersonRecord | undefined> {
  return first(tx, selectPeople(tx).where('phoneIndex', 'in', tx.cipher.blindIndexes(phone)));
}

export function findByGoogleSubject(tx: SystemTx, subject: string): Promise<PersonRecord | undefined> {
  return first(tx, selectPeople(tx).where('googleSubject', '=', subject));
}

export function findById(tx: SystemTx, personId: PersonId): Promise<PersonRecord | undefined> {
  return first(tx, selectPeople(tx).where('id', '=', personId));
}

/** The people that exist among these ids. */
export async function findPeople(
  tx: SystemTx,
  ids: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, PersonRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await selectPeople(tx).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toRecord(tx.cipher, row)]));
}

export interface PersonFilter {
  /** Exact matches only, because addresses and numbers are stored encrypted. */
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** Prefix of the name. */
  readonly name?: string | undefined;
}

const newestFirst = keyset({ column: 'person.id' });

/** Newest first. */
export async function listPeople(
  tx: SystemTx,
  { limit, cursor, email, phone, name }: PageRequest & PersonFilter,
): Promise<Page<PersonRecord>> {
  const query = selectPeople(tx)
    .where(
      matching('person', {
        emailIndex: email === undefined ? undefined : tx.cipher.blindIndexes(email),
        phoneIndex: phone === undefined ? undefined : tx.cipher.blindIndexes(phone),
      }),
    )
    .where(name === undefined ? sql<SqlBool>`true` : sql<SqlBool>`lower(name) like ${prefixPattern(name)}`);
  const { data, nextCursor } = await newestFirst.page(query, { limit, cursor, direction: 'desc' });
  return { data: data.map((row) => toRecord(tx.cipher, row)), nextCursor };
}

export async function countPeople(tx: SystemTx): Promise<number> {
  const { count } = await tx
    .selectFrom('person')
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

export function setPassword(
  tx: SystemTx,
  personId: PersonId,
  passwordHash: string,
  now: Date,
): Promise<void> {
  return updatePerson(tx, personId, { passwordHash, updatedAt: now });
}

/** Marks the address as verified. */
export function verifyEmail(tx: SystemTx, personId: PersonId, now: Date): Promise<void> {
  return updatePerson(tx, personId, { emailVerifiedAt: now, updatedAt: now });
}

export function linkGoogle(tx: SystemTx, personId: PersonId, subject: string, now: Date): Promise<void> {
  return updatePerson(tx, personId, { googleSubject: subject, updatedAt: now });
}

async function updatePerson(
  tx: SystemTx,
  personId: PersonId,
  changes: Updateable<PersonTable>,
): Promise<void> {
  await tx.updateTable('person').set(changes).where('id', '=', personId).execute();
}

function selectPeople(tx: SystemTx) {
  return tx.selectFrom('person').select(columns);
}

type PersonRow = Awaited<ReturnType<ReturnType<typeof selectPeople>['executeTakeFirstOrThrow']>>;

async function first(
  { cipher }: SystemTx,
  query: {
    executeTakeFirst(): Promise<PersonRow | undefined>;
  },
): Promise<PersonRecord | undefined> {
  const row = await query.executeTakeFirst();
  return row && toRecord(cipher, row);
}

function toRecord(cipher: PersonalDataCipher, row: PersonRow): PersonRecord {
  return {
    id: row.id,
    name: row.name,
    email: cipher.decrypt(row.emailEncrypted),
    phone: cipher.decrypt(row.phoneEncrypted),
    hasPassword: row.passwordHash !== null,
    passwordHash: row.passwordHash,
    isEmailVerified: row.emailVerifiedAt !== null,
    googleSubject: row.googleSubject,
    createdAt: row.createdAt,
    disabledAt: row.disabledAt,
  };
}
