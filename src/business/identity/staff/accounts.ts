import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict, Forbidden, NotFound, Unauthorized } from '../../../platform/process/errors.ts';
import { newId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/references/ids.ts';
import type { Passwords } from '../../../platform/crypto/password.ts';
import { blindIndex, blindIndexes, decrypt, encrypt } from '../../../platform/crypto/personal-data.ts';
import type { SessionTokens } from '../../tenancy/access/session-token.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { StaffActor } from '../../tenancy/access/actor.ts';
import { clearAttempts, passwordAttempts, spendAttempt } from '../auth/auth.ts';
import type { Client } from '../sessions/sessions.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import * as queries from './queries.ts';

export interface StaffDependencies {
  readonly db: Db;
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly passwords: Passwords;
}

/** One of the platform's own people. */
export interface Staff {
  readonly id: StaffId;
  readonly name: string;
  readonly email: string;
  readonly createdBy: StaffId | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

export interface NewStaff {
  /** Normalised. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** A working day; there is no refreshing. */
const sessionMs = 8 * 3_600_000;

/** Made by another of the staff, or (`by` undefined) by a command on the server itself. */
export async function createStaff(
  { db, passwords }: Pick<StaffDependencies, 'db' | 'passwords'>,
  by: StaffActor | undefined,
  { email, name, password }: NewStaff,
): Promise<Staff> {
  const passwordHash = await passwords.hash(password);
  return withSystem(db, async (system) => {
    const known = await queries.findStaffByEmail(system, blindIndexes(email));
    const row =
      known === undefined
        ? await queries.insertStaff(system, {
            id: newId('stf'),
            name,
            emailEncrypted: encrypt(email),
            emailIndex: blindIndex(email),
            passwordHash,
            createdBy: by?.staffId ?? null,
          })
        : undefined;
    if (row === undefined)
      throw new Conflict('One of the staff has this address already.', { code: 'account-exists' });
    await recordAction(system, by ?? { staffId: row.id }, 'staff.created', row.id);
    return toStaff(row);
  });
}

export interface StaffSignedIn {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly staff: Staff;
}

/** As with members, an unknown address and a wrong password are told apart by nothing. */
export async function signInStaff(
  { db, tenancy, clock, tokens, passwords }: StaffDependencies,
  { email, password }: { readonly email: string; readonly password: string },
  client: Client,
): Promise<StaffSignedIn> {
  const now = clock.date();
  // Counted apart from members: a person may be both, with two passwords.
  const identity = `staff ${email}`;
  await spendAttempt(tenancy, passwordAttempts, identity, now);
  const row = await withSystem(db, (system) => queries.findStaffByEmail(system, blindIndexes(email)));
  const isRight = await passwords.verify(password, row?.passwordHash);
  if (row === undefined || !isRight || row.disabledAt !== null) {
    throw new Unauthorized('The e-mail address or the password is wrong.', { code: 'credentials-wrong' });
  }
  await clearAttempts(tenancy, passwordAttempts, identity);
  const sessionId = newId('sts');
  const expiresAt = new Date(now.getTime() + sessionMs);
  const { address } = client;
  await withSystem(db, async (system) => {
    const device = client.device.slice(0, 300);
    await queries.insertSession(system, {
      id: sessionId,
      staffId: row.id,
      device,
      address,
      createdAt: now,
      expiresAt,
      endedAt: null,
    });
    await recordAction(system, { staffId: row.id, address }, 'staff.signed-in', sessionId);
  });
  const claims = { kind: 'staff', staffId: row.id, sessionId } as const;
  return { accessToken: await tokens.issue(claims, sessionMs / 1000), expiresAt, staff: toStaff(row) };
}

/** Ends the session, and whatever impersonation was begun in it. */
export async function signOutStaff({ db, clock }: StaffDependencies, actor: StaffActor): Promise<void> {
  await withSystem(db, (system) => queries.endSession(system, actor.sessionId, clock.date()));
}

export async function listStaff(
  db: Db,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly Staff[]> {
  const rows = await withSystem(db, (system) => queries.listStaff(system, page));
  return rows.map(toStaff);
}

/** His sessions are over with it. */
export async function disableStaff(
  { db, clock }: Pick<StaffDependencies, 'db' | 'clock'>,
  actor: StaffActor,
  staffId: StaffId,
): Promise<Staff> {
  if (staffId === actor.staffId)
    throw new Forbidden('Nobody closes their own account; a colleague can.', { code: 'own-account' });
  return withSystem(db, async (system) => {
    const row = await queries.disableStaff(system, staffId, clock.date());
    if (row === undefined) throw new NotFound('There is no such member of the staff.');
    await recordAction(system, actor, 'staff.disabled', staffId);
    return toStaff(row);
  });
}

/** Within work across tenants: what the staff do to the platform. */
export function recordAction(
  system: Db,
  by: Pick<StaffActor, 'staffId' | 'address'>,
  action: string,
  subjectId: string,
  details: Readonly<Record<string, unknown>> = {},
) {
  return queries.insertAction(system, {
    id: newId('sta'),
    staffId: by.staffId,
    address: by.address ?? null,
    action,
    subjectId,
    details: JSON.stringify(details),
  });
}

function toStaff({ id, name, emailEncrypted, createdBy, createdAt, disabledAt }: queries.StaffRow): Staff {
  return { id, name, email: decrypt(emailEncrypted), createdBy, createdAt, disabledAt };
}
