import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import { acceptInvitation, findInvitation, invitationNotValid } from '../members/invitations.ts';
import type { Client } from '../sessions/service.ts';
import { signUpAttempts, spendAttempt } from './attempts.ts';
import { type AuthDependencies, enter, type SignedIn } from './enter.ts';
import { foundBusiness, type NewBusiness } from './memberships.ts';
import { createPerson, discardPerson, type NewPerson } from './people.ts';

export interface EmailSignUp extends NewBusiness {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** A person, a business of his own, and a session in it. */
export async function signUpByEmail(
  dependencies: AuthDependencies,
  input: EmailSignUp,
  client: Client,
): Promise<SignedIn> {
  await spendAttempt(dependencies.db, signUpAttempts, input.email, dependencies.clock.date());
  const passwordHash = await dependencies.passwords.hash(input.password);
  const email = { address: input.email, isVerified: false };
  return withSystem(dependencies.db, (system) =>
    signUp(dependencies, system, {
      person: { name: input.name, email, passwordHash },
      business: input,
      client,
    }),
  );
}

/** Within work across tenants: whole, or not at all. */
export async function signUp(
  dependencies: Pick<AuthDependencies, 'tokens' | 'clock'>,
  system: Db,
  input: { readonly person: NewPerson; readonly business: NewBusiness; readonly client: Client },
): Promise<SignedIn> {
  const now = dependencies.clock.date();
  const person = await createPerson(system, input.person, now);
  if (person === undefined) throw taken();
  const owner = { personId: person.id, name: person.name };
  const { tenantId } = await foundBusiness(system, owner, input.business, now);
  return enter(dependencies, system, person, { tenantId, client: input.client });
}

export interface InvitedSignUp {
  readonly token: string;
  readonly name: string;
  readonly password: string;
}

/** A person without a business of his own: the link was sent to his address, which is thereby his. */
export async function signUpByInvitation(
  dependencies: AuthDependencies,
  { token, name, password }: InvitedSignUp,
  client: Client,
): Promise<SignedIn> {
  const { db, clock, passwords } = dependencies;
  const invitation = await findInvitation(db, token);
  if (invitation === undefined) throw invitationNotValid();
  const passwordHash = await passwords.hash(password);
  const { email, phone, tenantId } = invitation;
  const person = await withSystem(db, (system) =>
    createPerson(
      system,
      {
        name,
        passwordHash,
        ...(email === null ? {} : { email: { address: email, isVerified: true } }),
        ...(phone === null ? {} : { phone }),
      },
      clock.date(),
    ),
  );
  if (person === undefined) {
    throw new Conflict('You have an account already: sign in, and accept the invitation with it.', {
      code: 'account-exists',
    });
  }
  try {
    await acceptInvitation(db, { token, personId: person.id });
  } catch (error) {
    // Somebody was quicker with the same link; nobody must be left behind without a business.
    await discardPerson(db, person.id);
    throw error;
  }
  return withSystem(db, (system) => enter(dependencies, system, person, { tenantId, client }));
}

function taken(): Conflict {
  return new Conflict('There is an account with this address or number already; sign in instead.', {
    code: 'account-exists',
  });
}
