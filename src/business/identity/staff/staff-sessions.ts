import type { Passwords } from '../../../platform/crypto/password.ts';
import { newId } from '../../../platform/data/ids.ts';
import { Unauthorized } from '../../../platform/process/errors.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { SessionTokens } from '../../tenancy/access/access.ts';
import type { StaffActor } from '../../tenancy/actor/actor.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { clearAttempts, passwordAttempts, spendAttempt } from '../auth/auth.ts';
import type { Client } from '../sessions/sessions.ts';
import { recordStaffAction } from './staff-actions.ts';
import type { StaffMember } from './staff-member.ts';
import { findStaffByEmail } from './staff-service.ts';

export interface StaffSignInDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly passwords: Passwords;
}

export interface StaffSignedIn {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly staff: StaffMember;
}

/** A working day, because there are no refresh tokens. */
const sessionMs = 8 * 3_600_000;

/** As with members, an unknown address and a wrong password are indistinguishable. */
export async function signInStaff(
  { tenancy, clock, tokens, passwords }: StaffSignInDependencies,
  { email, password }: { readonly email: string; readonly password: string },
  client: Client,
): Promise<StaffSignedIn> {
  const now = clock.date();
  // Counted separately from members, because a person may be both, with two passwords.
  const identity = `staff ${email}`;
  await spendAttempt(tenancy, passwordAttempts, identity, now);
  const staff = await tenancy.system((tx) => findStaffByEmail(tx, email));
  const isRight = await passwords.verify(password, staff?.passwordHash);
  if (staff === undefined || !isRight || staff.disabledAt !== null) {
    throw new Unauthorized('The e-mail address or the password is wrong.', { code: 'credentials-wrong' });
  }
  await clearAttempts(tenancy, passwordAttempts, identity);
  const sessionId = newId('sts');
  const expiresAt = new Date(now.getTime() + sessionMs);
  const { address } = client;
  await tenancy.system(async (tx) => {
    await tx
      .insertInto('staffSession')
      .values({
        id: sessionId,
        staffId: staff.id,
        device: client.device.slice(0, 300),
        address,
        createdAt: now,
        expiresAt,
        endedAt: null,
      })
      .execute();
    await recordStaffAction(tx, { staffId: staff.id, address }, 'staff.signed-in', sessionId);
  });
  const accessToken = await tokens.issue({ kind: 'staff', staffId: staff.id, sessionId }, sessionMs / 1000);
  return { accessToken, expiresAt, staff };
}

/** Ends the session and its impersonations. */
export async function signOutStaff(tx: SystemTx, { sessionId }: StaffActor, now: Date): Promise<void> {
  await tx
    .updateTable('staffSession')
    .set({ endedAt: now })
    .where('id', '=', sessionId)
    .where('endedAt', 'is', null)
    .execute();
}

/** Sessions of enabled accounts that have not ended. */
export function selectLiveSessions(tx: SystemTx, now: Date) {
  return tx
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('staffSession.endedAt', 'is', null)
    .where('staffSession.expiresAt', '>', now)
    .where('staff.disabledAt', 'is', null);
}
