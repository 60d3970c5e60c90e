import { z } from 'zod';
import { parseId } from '../../../platform/data/ids.ts';
import { permissions, roles } from '../../tenancy/access/permissions.ts';
import type { SignedIn } from './enter.ts';
import type { Membership } from './memberships.ts';
import type { Person } from './people.ts';

const timestamp = z.iso.datetime({ precision: 3 });
const name = z.string().trim().max(200);
const email = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ examples: ['robin@harbourstreet.example'] });
const phone = z
  .e164()
  .describe('E.164.')
  .meta({ examples: ['+14155550123'] });
const code = z
  .string()
  .regex(/^\d{6}$/, 'must be six digits')
  .meta({ examples: ['482913'] });
const channel = z.enum(['sms', 'whatsapp']).default('sms');

/** Long beats varied: no rule about digits and signs, which only makes passwords alike. */
const newPassword = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200)
  .meta({ examples: ['a bicycle in the rain'] });
/** What was a password once may be checked, whatever the rule is now. */
const password = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['a bicycle in the rain'] });

const tenantId = z
  .string()
  .max(100)
  .transform((text, context) => {
    const id = parseId('tnt', text);
    if (id !== undefined) return id;
    context.addIssue('is not the id of a business');
    return z.NEVER;
  });

const business = {
  businessName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ examples: ['Harbour Street Cycles'] }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
    .optional()
    .describe('IANA name; UTC by default.')
    .meta({ examples: ['Europe/Berlin'] }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
    .optional()
    .describe('ISO 4217; USD by default.')
    .meta({ examples: ['EUR'] }),
};

const optionalTenant = {
  tenantId: tenantId
    .optional()
    .describe('Which of your businesses; the one you were last in when it is left out.'),
};

export const signUpSchema = z
  .object({ email, password: newPassword, name: name.default(''), ...business })
  .meta({ id: 'SignUp' });

export const invitedSignUpSchema = z
  .object({ token: z.string().min(1).max(200), name: name.min(1), password: newPassword })
  .meta({ id: 'InvitedSignUp' });

export const signInSchema = z.object({ email, password, ...optionalTenant }).meta({ id: 'SignIn' });

export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(200) }).meta({ id: 'Refresh' });

export const switchTenantSchema = z.object({ tenantId }).meta({ id: 'SwitchTenant' });

export const forgotPasswordSchema = z.object({ email }).meta({ id: 'ForgotPassword' });

export const resetPasswordSchema = z
  .object({ token: z.string().min(1).max(200).describe('From the link.'), password: newPassword })
  .meta({ id: 'ResetPassword' });

export const changePasswordSchema = z
  .object({ currentPassword: password, newPassword })
  .meta({ id: 'ChangePassword' });

export const sendCodeSchema = z.object({ phone, channel }).meta({ id: 'SendCode' });

export const verifyCodeSchema = z.object({ phone, code }).meta({ id: 'VerifyCode' });

export const phoneRegistrationSchema = z
  .object({ phone, code, name: name.default(''), password: newPassword.optional(), ...business })
  .meta({ id: 'PhoneRegistration' });

export const phoneSignInSchema = z.object({ phone, code, ...optionalTenant }).meta({ id: 'PhoneSignIn' });

export const phoneResetSchema = z
  .object({ phone, code, password: newPassword })
  .meta({ id: 'PhonePasswordReset' });

export const googleStartSchema = z
  .object({
    redirectUri: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('The page of yours that Google sends the browser back to; of an origin known here.'),
  })
  .meta({
    id: 'GoogleSignInStart',
    examples: [{ redirectUri: 'https://app.example.com/signed-in' }],
  });

export const googleStartedSchema = z
  .object({
    authorizationUrl: z.url().describe('Where to send the browser.'),
    state: z.string().describe('Comes back in the address; compare it.'),
    signInToken: z.string().describe('Keep it in the browser, and send it when it comes back.'),
  })
  .meta({ id: 'GoogleSignInStarted' });

export const googleAnswerSchema = z
  .object({
    signInToken: z.string().min(1).max(200),
    state: z.string().min(1).max(200),
    code: z.string().min(1).max(2_000),
    ...optionalTenant,
    ...business,
  })
  .meta({ id: 'GoogleSignInAnswer' });

const tokenFields = {
  tokenType: z.literal('Bearer'),
  accessToken: z.string().describe('For the Authorization header.'),
  expiresInSeconds: z.number().int(),
  refreshToken: z
    .string()
    .describe('Gives the next pair, once. Used a second time it ends the session: somebody has a copy.'),
  sessionId: z.string(),
  sessionExpiresAt: timestamp,
};

const tokenExample = {
  tokenType: 'Bearer' as const,
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJraW5kIjoibWVtYmVyIn0.c2lnbmF0dXJl',
  expiresInSeconds: 900,
  refreshToken: 'prt_3q2-7wAAq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq80',
  sessionId: 'ses_01k9zt5w3pe0wsh7v6n0gq5m8x',
  sessionExpiresAt: '2026-04-01T09:00:00.000Z',
};

export const tokensSchema = z.object(tokenFields).meta({ id: 'Tokens', examples: [tokenExample] });

const personSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    hasPassword: z.boolean(),
  })
  .meta({ id: 'Person' });

const tenantSchema = z
  .object({ id: z.string(), name: z.string(), slug: z.string() })
  .meta({ id: 'TenantName' });

const membershipSchema = z
  .object({ tenant: tenantSchema, memberId: z.string(), role: z.enum(roles), isSuspended: z.boolean() })
  .meta({ id: 'Membership' });

const personExample = {
  id: 'per_01k9zt5w3pe0wsh7v6n0gq5m8y',
  name: 'Robin Okafor',
  email: 'robin@harbourstreet.example',
  phone: null,
  hasPassword: true,
};
const membershipExample = {
  tenant: {
    id: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z',
    name: 'Harbour Street Cycles',
    slug: 'harbour-street-cycles-k3f9xq',
  },
  memberId: 'mem_01k9zt5w3pe0wsh7v6n0gq5m90',
  role: 'owner' as const,
  isSuspended: false,
};

export const signedInSchema = z
  .object({
    ...tokenFields,
    person: personSchema,
    membership: membershipSchema.describe('Where you are in now.'),
    memberships: z.array(membershipSchema).describe('All businesses you can switch to.'),
  })
  .meta({
    id: 'SignedIn',
    examples: [
      {
        ...tokenExample,
        person: personExample,
        membership: membershipExample,
        memberships: [membershipExample],
      },
    ],
  });

const permissionList = z.array(z.enum(permissions)).describe('What you may do in this business.');

/** Who asks: a person, a program, or one of the platform’s staff in the business’s place. */
export const meSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('member'),
      person: personSchema,
      sessionId: z.string(),
      membership: membershipSchema,
      memberships: z.array(membershipSchema),
      permissions: permissionList,
    }),
    z.object({
      type: z.literal('api-key'),
      apiKeyId: z.string(),
      mode: z.enum(['test', 'live']),
      tenantId: z.string(),
      permissions: permissionList,
    }),
    z.object({
      type: z.literal('staff'),
      staffId: z.string(),
      impersonationId: z.string(),
      tenantId: z.string(),
      permissions: permissionList,
    }),
  ])
  .meta({
    id: 'Me',
    examples: [
      {
        type: 'member',
        person: personExample,
        sessionId: tokenExample.sessionId,
        membership: membershipExample,
        memberships: [membershipExample],
        permissions: ['agents:read', 'agents:write'],
      },
    ],
  });

type Tokens = Pick<
  SignedIn,
  'accessToken' | 'accessTokenSeconds' | 'refreshToken' | 'sessionId' | 'expiresAt'
>;

export function presentTokens(tokens: Tokens): z.infer<typeof tokensSchema> {
  return {
    tokenType: 'Bearer',
    accessToken: tokens.accessToken,
    expiresInSeconds: tokens.accessTokenSeconds,
    refreshToken: tokens.refreshToken,
    sessionId: tokens.sessionId,
    sessionExpiresAt: tokens.expiresAt.toISOString(),
  };
}

export function presentSignedIn(signedIn: SignedIn): z.infer<typeof signedInSchema> {
  return {
    ...presentTokens(signedIn),
    person: presentPerson(signedIn.person),
    membership: presentMembership(signedIn.membership),
    memberships: signedIn.memberships.map(presentMembership),
  };
}

export function presentPerson({ id, name: called, email: mail, phone: number, hasPassword }: Person) {
  return { id, name: called, email: mail, phone: number, hasPassword };
}

export function presentMembership(membership: Membership): z.infer<typeof membershipSchema> {
  const { tenantId: id, tenantName, tenantSlug: slug, memberId, role, isSuspended } = membership;
  return { tenant: { id, name: tenantName, slug }, memberId, role, isSuspended };
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
