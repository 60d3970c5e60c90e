import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { Unprocessable } from '../../../platform/process/errors.ts';
import { systemActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { listMemberships } from '../members/members.ts';
import { findByEmail, findById, personEvents, setPassword, verifyEmail } from '../people/people.ts';
import { endSessionsOfPerson } from '../sessions/sessions.ts';
import { clearAttempts, passwordAttempts, resetAttempts, spendAttempt } from './attempts.ts';
import type { AuthDependencies } from './enter.ts';

const lifetimeMs = 3_600_000;
/** How long used and expired links are stored. */
const storedMs = 7 * 24 * 3_600_000;

/** Sends a link to the address if it is somebody's; the answer does not say whether it is. */
export async function forgotPassword(dependencies: AuthDependencies, email: string): Promise<void> {
  const { tenancy, clock, deliveries, publicUrl } = dependencies;
  await spendAttempt(tenancy, resetAttempts, email, clock.date());
  deliveries.later(async () => {
    const token = await tenancy.system(async (tx) => {
      const person = await findByEmail(tx, email);
      if (person === undefined || person.disabledAt !== null) return undefined;
      return addReset(tx, person.id, clock.date());
    });
    if (token === undefined) return undefined;
    // In the fragment, which is not sent to servers and not logged.
    const link = `${publicUrl}/reset-password#token=${token}`;
    return { channel: 'email', to: email, template: 'password-reset', variables: { link } };
  });
}

/** Sets a new password with the token of a link, once and within an hour. Ends every session. */
export async function resetPassword(
  { tenancy, clock, passwords }: AuthDependencies,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  const tokenSha256 = hash('sha256', token);
  const now = clock.date();
  // Checked first, to avoid hashing a password for an invalid token.
  await tenancy.system(async (tx) => checkReset(await findReset(tx, tokenSha256), now));
  const passwordHash = await passwords.hash(password);
  const email = await tenancy.system(async (tx) => {
    const reset = checkReset(await spendReset(tx, tokenSha256, now), now);
    // The link was sent to the address, which verifies it.
    await verifyEmail(tx, reset.personId, now);
    await replacePassword(tx, reset.personId, passwordHash, now);
    return (await findById(tx, reset.personId))?.email;
  });
  if (email !== undefined && email !== null) await clearAttempts(tenancy, passwordAttempts, email);
}

/** Sets a new password; ends the sessions and invalidates earlier links. */
export async function replacePassword(
  tx: SystemTx,
  personId: PersonId,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await setPassword(tx, personId, passwordHash, now);
  await tx
    .updateTable('passwordReset')
    .set({ usedAt: now })
    .where('personId', '=', personId)
    .where('usedAt', 'is', null)
    .execute();
  await endSessionsOfPerson(tx, { personId }, 'password-reset', now);
  for (const { tenantId } of await listMemberships(tx, personId)) {
    const event = personEvents['password-reset']({ subject: personId });
    await happened(tx, systemActor(tenantId, 'password-reset'), event);
  }
}

async function addReset(tx: SystemTx, personId: PersonId, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await sql`delete from password_reset where token_sha256 in (
    select token_sha256 from password_reset
    where created_at < ${new Date(now.getTime() - storedMs)} limit 5 for update skip locked
  )`.execute(tx);
  await tx
    .insertInto('passwordReset')
    .values({
      tokenSha256: hash('sha256', token),
      personId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetimeMs),
      usedAt: null,
    })
    .execute();
  return token;
}

function findReset(tx: SystemTx, tokenSha256: string) {
  return tx
    .selectFrom('passwordReset')
    .select(['personId', 'expiresAt'])
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
}

/** Of two concurrent requests with the same link, one succeeds. */
function spendReset(tx: SystemTx, tokenSha256: string, now: Date) {
  return tx
    .updateTable('passwordReset')
    .set({ usedAt: now })
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is', null)
    .returning(['personId', 'expiresAt'])
    .executeTakeFirst();
}

function checkReset<Reset extends { readonly expiresAt: Date }>(reset: Reset | undefined, now: Date): Reset {
  if (reset !== undefined && reset.expiresAt > now) return reset;
  throw new Unprocessable('This link was used, or is too old; ask for a new one.', {
    code: 'link-not-valid',
  });
}
