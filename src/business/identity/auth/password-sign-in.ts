import { withSystem } from '../../../platform/data/db.ts';
import { Conflict, Unauthorized } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { type Client, endSessionsOfPerson } from '../sessions/service.ts';
import { forgetAttempts, passwordAttempts, spendAttempt } from './attempts.ts';
import { type AuthDependencies, enter, type SignedIn } from './enter.ts';
import { findByEmail, findById, setPassword } from './people.ts';

export interface PasswordSignIn {
  readonly email: string;
  readonly password: string;
  readonly tenantId?: TenantId | undefined;
}

/**
 * An address nobody has, a wrong password, an account without a password and a closed one are told apart by nothing:
 * not by the answer, and not by its time.
 */
export async function signInByPassword(
  dependencies: AuthDependencies,
  { email, password, tenantId }: PasswordSignIn,
  client: Client,
): Promise<SignedIn> {
  const { db, clock, passwords } = dependencies;
  await spendAttempt(db, passwordAttempts, email, clock.date());
  const person = await withSystem(db, (system) => findByEmail(system, email));
  const isRight = await passwords.verify(password, person?.passwordHash);
  if (person === undefined || !isRight || person.isDisabled) {
    throw new Unauthorized('The e-mail address or the password is wrong.', { code: 'credentials-wrong' });
  }
  await forgetAttempts(db, passwordAttempts, email);
  return withSystem(db, (system) => enter(dependencies, system, person, { tenantId, client }));
}

/** With the old one; every other session of the person ends. */
export async function changePassword(
  { db, clock, passwords }: AuthDependencies,
  actor: MemberActor,
  { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const now = clock.date();
  await spendAttempt(db, passwordAttempts, actor.personId, now);
  const person = await withSystem(db, (system) => findById(system, actor.personId));
  if (person?.hasPassword !== true) {
    throw new Conflict('You have no password yet; set one by way of “forgot password”.', {
      code: 'no-password',
    });
  }
  if (!(await passwords.verify(currentPassword, person.passwordHash))) {
    throw new Unauthorized('The current password is wrong.', { code: 'password-wrong' });
  }
  const passwordHash = await passwords.hash(newPassword);
  await withSystem(db, async (system) => {
    await setPassword(system, actor.personId, passwordHash, now);
    const others = { personId: actor.personId, exceptSessionId: actor.sessionId };
    await endSessionsOfPerson(system, others, 'password-changed', now);
    await recordChange(system, actor, {
      action: 'person.password-changed',
      resource: 'person',
      resourceId: actor.personId,
    });
  });
  await forgetAttempts(db, passwordAttempts, actor.personId);
}
