import { z } from 'zod';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { permissions, roles } from '../../tenancy/actor/actor.ts';
import type { Membership } from '../members/members.ts';
import type { SessionPair, SignedIn } from './enter.ts';

/* Responses of signing in, and of `/v1/me`. */

export const acceptedSchema = z
  .object({ status: z.literal('accepted') })
  .meta({ id: 'Accepted', examples: [{ status: 'accepted' }] });

export const codeVerifiedSchema = z
  .object({ verified: z.literal(true) })
  .meta({ id: 'CodeVerified', examples: [{ verified: true }] });

export const googleStartedSchema = z
  .object({
    authorizationUrl: z.url().describe('Where to send the browser.'),
    state: z.string().describe('Comes back in the address; compare it.'),
    signInToken: z.string().describe('Keep it in the browser, and send it when it comes back.'),
  })
  .meta({
    id: 'GoogleSignInStarted',
    examples: [
      {
        authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=…&state=Xk3vJ9…',
        state: 'Xk3vJ9pQ2mB7wL5tR8nC1g',
        signInToken: 'pgs_8Jx2-4nVbQ7cLmT0yRwKzE5sHdUaGf1iPo6vXq9jBtM',
      },
    ],
  });

const tokenFields = {
  tokenType: z.literal('Bearer'),
  accessToken: z.string().describe('For the Authorization header.'),
  expiresInSeconds: z.number().int(),
  refreshToken: z
    .string()
    .describe('Gives the next pair, once. Used a second time it ends the session: somebody has a copy.'),
  sessionId: idOf('ses'),
  sessionExpiresAt: instant,
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

/** The actor: a person, an API key, or a member of staff who impersonates the business. */
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

export function toTokens(pair: SessionPair): z.output<typeof tokensSchema> {
  return {
    tokenType: 'Bearer',
    accessToken: pair.accessToken,
    expiresInSeconds: pair.accessTokenSeconds,
    refreshToken: pair.refreshToken,
    sessionId: pair.sessionId,
    sessionExpiresAt: pair.expiresAt,
  };
}

export function toSignedIn(signedIn: SignedIn): z.output<typeof signedInSchema> {
  return {
    ...toTokens(signedIn),
    person: signedIn.person,
    membership: toMembership(signedIn.membership),
    memberships: signedIn.memberships.map(toMembership),
  };
}

export function toMembership(membership: Membership): z.output<typeof membershipSchema> {
  const { tenantId: id, tenantName, tenantSlug: slug, memberId, role, isSuspended } = membership;
  return { tenant: { id, name: tenantName, slug }, memberId, role, isSuspended };
}
