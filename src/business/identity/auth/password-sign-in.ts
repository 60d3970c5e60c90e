import type { TenantId } from '../../../platform/data/ids.ts';
import { Conflict, Unauthorized } from '../../../platform/process/errors.ts';
import type { MemberActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import { findByEmail, findById, personEvents, setPassword } from '../people/people.ts';
import { type Client, endSessionsOfPerson } from '../sessions/sessions.ts';
import { clearAttempts, passwordAttempts, spendAttempt } from './attempts.ts';
import { type AuthDependencies, enter, type SignedIn } from './enter.ts';

export interface PasswordSignIn {
  readonly email: string;
  readonly password: string;
  readonly tenantId?: TenantId | undefined;
}

/**
 * An unknown address, a wrong password, an account without a password and a closed one are indistinguishable, by the
 * response as well as by its time.
 */
export async function signInByPassword(
  dependencies: AuthDependencies,
  { email, password, tenantId }: PasswordSignIn,
  client: Client,
): Promise<SignedIn> {
  const { tenancy, clock, passwords } = dependencies;
  await spendAttempt(tenancy, passwordAttempts, email, clock.date());
  const person = await tenancy.system((tx) => findByEmail(tx, email));
  const isRight = await passwords.verify(password, person?.passwordHash);
  if (person === undefined || !isRight || person.disabledAt !== null) {
    throw new Unauthorized('The e-mail address or the password is wrong.', { code: 'credentials-wrong' });
  }
  await clearAttempts(tenancy, passwordAttempts, email);
  return tenancy.system((tx) => enter(dependencies, tx, person, { tenantId, client }));
}

/** Changes a password, given the old one. Ends every other session of the person. */
export async function changePassword(
  { tenancy, clock, passwords }: AuthDependencies,
  actor: MemberActor,
  { currentPassword, newPassword }: { readonly currentPassword: string; readonly newPassword: string },
): Promise<void> {
  const now = clock.date();
  await spendAttempt(tenancy, passwordAttempts, actor.personId, now);
  const person = await tenancy.system((tx) => findById(tx, actor.personId));
  if (person?.hasPassword !== true) {
    throw new Conflict('You have no password yet; set one by way of “forgot password”.', {
      code: 'no-password',
    });
  }
  if (!(await passwords.verify(currentPassword, person.passwordHash))) {
    throw new Unauthorized('The current password is wrong.', { code: 'password-wrong' });
  }
  const passwordHash = await passwords.hash(newPassword);
  await tenancy.system(async (tx) => {
    await setPassword(tx, actor.personId, passwordHash, now);
    const others = { personId: actor.personId, exceptSessionId: actor.sessionId };
    await endSessionsOfPerson(tx, others, 'password-changed', now);
    await happened(tx, actor, personEvents['password-changed']({ subject: actor.personId }));
  });
  await clearAttempts(tenancy, passwordAttempts, actor.personId);
}
