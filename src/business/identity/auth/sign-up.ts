import { randomInt } from 'node:crypto';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import { slugOf } from '../../../platform/process/text.ts';
import { systemActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { createTenant, tenantEvents } from '../../tenancy/tenants/tenants.ts';
import { acceptInvitation, addMember, getInvitation } from '../members/members.ts';
import { createPerson, type NewPerson } from '../people/people.ts';
import type { Client } from '../sessions/sessions.ts';
import { signUpAttempts, spendAttempt } from './attempts.ts';
import { type AuthDependencies, enter, type SignedIn } from './enter.ts';

export interface NewBusiness {
  readonly businessName?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly currency?: string | undefined;
}

export interface EmailSignUp extends NewBusiness {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Creates a person, a business with that person as its owner, and a session in it. */
export async function signUpByEmail(
  dependencies: AuthDependencies,
  input: EmailSignUp,
  client: Client,
): Promise<SignedIn> {
  const { tenancy, clock, passwords } = dependencies;
  await spendAttempt(tenancy, signUpAttempts, input.email, clock.date());
  const passwordHash = await passwords.hash(input.password);
  const email = { address: input.email, isVerified: false };
  const person = { name: input.name, email, passwordHash };
  return tenancy.system((tx) => signUp(dependencies, tx, { person, business: input, client }));
}

/** Runs in one transaction. */
export async function signUp(
  dependencies: Pick<AuthDependencies, 'tokens' | 'clock'>,
  tx: SystemTx,
  input: { readonly person: NewPerson; readonly business: NewBusiness; readonly client: Client },
): Promise<SignedIn> {
  const now = dependencies.clock.date();
  const person = await createPerson(tx, input.person, now);
  if (person === undefined) {
    throw new Conflict('There is an account with this address or number already; sign in instead.', {
      code: 'account-exists',
    });
  }
  const owner = { personId: person.id, name: person.name };
  const tenantId = await foundBusiness(tx, owner, input.business, now);
  return enter(dependencies, tx, person, { tenantId, client: input.client });
}

/** Creates a tenant with this person as its owner. */
async function foundBusiness(
  tx: SystemTx,
  owner: { readonly personId: PersonId; readonly name: string },
  input: NewBusiness,
  now: Date,
): Promise<TenantId> {
  const name = input.businessName ?? (owner.name === '' ? 'My business' : `${owner.name}’s business`);
  const tenantId = newId('tnt');
  const tenant = await createTenant(tx, {
    id: tenantId,
    slug: uniqueSlug(name),
    name,
    timeZone: input.timeZone ?? 'UTC',
    currency: input.currency ?? 'USD',
  });
  const memberId = await addMember(tx, { tenantId, personId: owner.personId, role: 'owner' }, now);
  const created = tenantEvents.created({ subject: tenantId, after: tenant, details: { owner: memberId } });
  await happened(tx, systemActor(tenantId, 'sign-up'), created);
  return tenantId;
}

/** A readable slug with a unique suffix. */
function uniqueSlug(name: string): string {
  return `${slugOf(name, 40) || 'business'}-${randomInt(36 ** 5, 36 ** 6).toString(36)}`;
}

export interface InvitedSignUp {
  readonly token: string;
  readonly name: string;
  readonly password: string;
}

/** Creates a person without a business of their own. The invitation was sent to an address, which verifies it. */
export async function signUpByInvitation(
  dependencies: AuthDependencies,
  { token, name, password }: InvitedSignUp,
  client: Client,
): Promise<SignedIn> {
  const { tenancy, clock, passwords } = dependencies;
  // Checked first, to avoid hashing a password for an invalid token.
  await tenancy.system((tx) => getInvitation(tx, token, clock.date()));
  const passwordHash = await passwords.hash(password);
  return tenancy.system(async (tx) => {
    const now = clock.date();
    const { email, phone, tenantId } = await getInvitation(tx, token, now);
    const verified = {
      ...(email === null ? {} : { email: { address: email, isVerified: true } }),
      ...(phone === null ? {} : { phone }),
    };
    const person = await createPerson(tx, { name, passwordHash, ...verified }, now);
    if (person === undefined) {
      throw new Conflict('You have an account already: sign in, and accept the invitation with it.', {
        code: 'account-exists',
      });
    }
    await acceptInvitation(tx, { token, personId: person.id }, now);
    return enter(dependencies, tx, person, { tenantId, client });
  });
}
