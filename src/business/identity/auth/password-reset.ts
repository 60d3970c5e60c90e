import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Unprocessable } from '../../../platform/process/errors.ts';
import type { PersonId } from '../../tenancy/references/ids.ts';
import { systemActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { endSessionsOfPerson } from '../sessions/service.ts';
import { forgetAttempts, passwordAttempts, resetAttempts, spendAttempt } from './attempts.ts';
import type { AuthDependencies } from './enter.ts';
import { listMemberships } from './memberships.ts';
import { findByEmail, findById, setPassword, verifyEmail } from './people.ts';

const lifetimeMs = 3_600_000;
/** What is used or expired stays this long, so that a link opened twice is told from one that never was. */
const keptMs = 7 * 24 * 3_600_000;

/** A link goes to the address when it is somebody's; whether it is, nobody is told. */
export async function forgotPassword(dependencies: AuthDependencies, email: string): Promise<void> {
  const { db, clock, deliveries, publicUrl } = dependencies;
  await spendAttempt(db, resetAttempts, email, clock.date());
  deliveries.later(async () => {
    const token = await withSystem(db, async (system) => {
      const person = await findByEmail(system, email);
      if (person === undefined || person.isDisabled) return undefined;
      return addReset(system, person.id, clock.date());
    });
    if (token === undefined) return undefined;
    // Behind the #: it is sent to no server, and stands in no log.
    const link = `${publicUrl}/reset-password#token=${token}`;
    return { channel: 'email', to: email, template: 'password-reset', variables: { link } };
  });
}

/** With the token of a link: once, within an hour. Whoever was signed in is out. */
export async function resetPassword(
  { db, clock, passwords }: AuthDependencies,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<void> {
  const tokenSha256 = hash('sha256', token);
  const now = clock.date();
  // Looked at first: a made-up token is not worth the hashing.
  await withSystem(db, async (system) => checkReset(await findReset(system, tokenSha256), now));
  const passwordHash = await passwords.hash(password);
  const email = await withSystem(db, async (system) => {
    const reset = checkReset(await spendReset(system, tokenSha256, now), now);
    // The link came to the address, so the address is this person's.
    await verifyEmail(system, reset.personId, now);
    await replacePassword(system, reset.personId, passwordHash, now);
    return (await findById(system, reset.personId))?.email;
  });
  if (email !== undefined && email !== null) await forgetAttempts(db, passwordAttempts, email);
}

/** Within work across tenants: a new password, no session and no link of before. */
export async function replacePassword(
  system: Db,
  personId: PersonId,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await setPassword(system, personId, passwordHash, now);
  await system
    .updateTable('passwordReset')
    .set({ usedAt: now })
    .where('personId', '=', personId)
    .where('usedAt', 'is', null)
    .execute();
  await endSessionsOfPerson(system, { personId }, 'password-reset', now);
  for (const { tenantId } of await listMemberships(system, personId)) {
    await recordChange(system, systemActor(tenantId, 'password-reset'), {
      action: 'person.password-reset',
      resource: 'person',
      resourceId: personId,
    });
  }
}

async function addReset(system: Db, personId: PersonId, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await sql`delete from password_reset where token_sha256 in (
    select token_sha256 from password_reset
    where created_at < ${new Date(now.getTime() - keptMs)} limit 5 for update skip locked
  )`.execute(system);
  await system
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

function findReset(system: Db, tokenSha256: string) {
  return system
    .selectFrom('passwordReset')
    .select(['personId', 'expiresAt'])
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
}

/** Of two who bring the same link at the same moment, one gets it. */
function spendReset(system: Db, tokenSha256: string, now: Date) {
  return system
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
