import type { TenantId } from '../../../platform/data/ids.ts';
import { Conflict, Unauthorized, Unprocessable } from '../../../platform/process/errors.ts';
import type { MessageTemplate, OutgoingMessage } from '../notices/notices.ts';
import { findByPhone } from '../people/people.ts';
import type { Client } from '../sessions/sessions.ts';
import { type AuthDependencies, enter, type SignedIn } from './enter.ts';
import type { CodePurpose } from './one-time-code-table.ts';
import { replacePassword } from './password-reset.ts';
import { type NewBusiness, signUp } from './sign-up.ts';

export interface PhoneAddress {
  /** E.164. */
  readonly phone: string;
  readonly channel: 'sms' | 'whatsapp';
}

interface PhoneAnswer {
  readonly phone: string;
  readonly code: string;
}

/** Sends a code for signing up; refuses a number that has an account. */
export async function sendVerification(dependencies: AuthDependencies, to: PhoneAddress): Promise<void> {
  const { tenancy, clock, codes, deliveries } = dependencies;
  const holder = await tenancy.system((tx) => findByPhone(tx, to.phone));
  if (holder !== undefined) throw taken();
  const code = await codes.issue(tenancy, { phone: to.phone, purpose: 'register' }, clock.date());
  await deliveries.now(message(to, 'verification-code', code));
}

/** Checks a code without using it up, so that it can be used to sign up. */
export async function verifyCode(
  { tenancy, clock, codes }: AuthDependencies,
  answer: PhoneAnswer,
): Promise<void> {
  const check = { ...answer, purpose: 'register', spend: false } as const;
  const isRight = await tenancy.system((tx) => codes.check(tx, check, clock.date()));
  if (!isRight) throw wrongCode();
}

export interface PhoneRegistration extends PhoneAnswer, NewBusiness {
  readonly name: string;
  readonly password?: string | undefined;
}

export async function registerByPhone(
  dependencies: AuthDependencies,
  { phone, code, name, password, ...business }: PhoneRegistration,
  client: Client,
): Promise<SignedIn> {
  const { tenancy, clock, codes, passwords } = dependencies;
  await verifyCode(dependencies, { phone, code });
  const passwordHash = password === undefined ? undefined : await passwords.hash(password);
  const signedIn = await tenancy.system(async (tx) => {
    const check = { phone, code, purpose: 'register', spend: true } as const;
    if (!(await codes.check(tx, check, clock.date()))) return undefined;
    return signUp(dependencies, tx, { person: { name, phone, passwordHash }, business, client });
  });
  if (signedIn === undefined) throw wrongCode();
  return signedIn;
}

/** Sends a code if the number has an account; the answer is the same if it has none. */
export async function sendSignInCode(dependencies: AuthDependencies, to: PhoneAddress): Promise<void> {
  await sendToHolder(dependencies, to, { purpose: 'sign-in', template: 'verification-code' });
}

export async function signInByCode(
  dependencies: AuthDependencies,
  { phone, code, tenantId }: PhoneAnswer & { readonly tenantId?: TenantId | undefined },
  client: Client,
): Promise<SignedIn> {
  const { tenancy, clock, codes } = dependencies;
  const signedIn = await tenancy.system(async (tx) => {
    const check = { phone, code, purpose: 'sign-in', spend: true } as const;
    const isRight = await codes.check(tx, check, clock.date());
    const person = await findByPhone(tx, phone);
    if (!isRight || person === undefined || person.disabledAt !== null) return undefined;
    return enter(dependencies, tx, person, { tenantId, client });
  });
  if (signedIn === undefined)
    throw new Unauthorized('The number or the code is wrong, or the code is too old.', {
      code: 'credentials-wrong',
    });
  return signedIn;
}

export async function forgotPasswordByPhone(dependencies: AuthDependencies, to: PhoneAddress): Promise<void> {
  await sendToHolder(dependencies, to, { purpose: 'reset-password', template: 'password-reset-code' });
}

/** Sets a new password with a code. Ends every session. */
export async function resetPasswordByPhone(
  { tenancy, clock, codes, passwords }: AuthDependencies,
  { phone, code, password }: PhoneAnswer & { readonly password: string },
): Promise<void> {
  const check = { phone, code, purpose: 'reset-password' } as const;
  const isRight = await tenancy.system((tx) => codes.check(tx, { ...check, spend: false }, clock.date()));
  if (!isRight) throw wrongCode();
  const passwordHash = await passwords.hash(password);
  const isReset = await tenancy.system(async (tx) => {
    const now = clock.date();
    if (!(await codes.check(tx, { ...check, spend: true }, now))) return false;
    const person = await findByPhone(tx, phone);
    if (person === undefined || person.disabledAt !== null) return false;
    await replacePassword(tx, person.id, passwordHash, now);
    return true;
  });
  if (!isReset) throw wrongCode();
}

/** Limits apply to every number; the account is looked up after the response. */
async function sendToHolder(
  { tenancy, clock, codes, deliveries }: AuthDependencies,
  to: PhoneAddress,
  what: { readonly purpose: CodePurpose; readonly template: MessageTemplate },
): Promise<void> {
  const code = await codes.issue(tenancy, { phone: to.phone, purpose: what.purpose }, clock.date());
  deliveries.later(async () => {
    const person = await tenancy.system((tx) => findByPhone(tx, to.phone));
    return person === undefined || person.disabledAt !== null ? undefined : message(to, what.template, code);
  });
}

function message({ phone, channel }: PhoneAddress, template: MessageTemplate, code: string): OutgoingMessage {
  return { channel, to: phone, template, variables: { code } };
}

function taken(): Conflict {
  return new Conflict('There is an account with this number already; sign in instead.', {
    code: 'account-exists',
  });
}

function wrongCode(): Unprocessable {
  return new Unprocessable('The code is wrong or too old, or was tried too often; ask for a new one.', {
    code: 'code-not-valid',
  });
}
