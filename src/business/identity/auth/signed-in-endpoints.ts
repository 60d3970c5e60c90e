import { z } from 'zod';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { actorOf, type MemberActor, memberOrRefused, type TenantActor } from '../../tenancy/actor/actor.ts';
import { listMemberships } from '../members/members.ts';
import { findById } from '../people/people.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import {
  meSchema,
  signedInSchema,
  toMembership,
  tokensSchema,
  toSignedIn,
  toTokens,
} from './auth-answers.ts';
import { refreshSchema, switchTenantSchema } from './auth-requests.ts';
import { accountClosed, type AuthDependencies, signOut, switchTenant } from './enter.ts';
import { publicPost } from './public-endpoints.ts';
import { refresh } from './refresh.ts';

const tag = 'Signing in';

/** Endpoints for sessions: refresh, switch of business, sign out. */
export function signedInEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      ...publicPost(tag, addressLimits.refresh),
      path: '/v1/auth/refresh',
      changesAccess: true,
      noStore: true,
      summary: 'Exchange a refresh token, once, for the next pair of tokens',
      body: refreshSchema,
      answers: { 200: tokensSchema },
      handle: async ({ request, body }) =>
        toTokens(await refresh(dependencies, body.refreshToken, clientOf(request))),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/sign-out',
      needs: 'signed-in',
      changesAccess: true,
      tag,
      summary: 'End this session',
      answers: { 204: z.null() },
      handle: ({ actor }) => signOut(dependencies, memberOrRefused(actor)),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/switch-tenant',
      needs: 'signed-in',
      changesAccess: true,
      noStore: true,
      tag,
      summary: 'Go on in another of your businesses; this session ends',
      body: switchTenantSchema,
      answers: { 200: signedInSchema },
      async handle({ request, actor, body }) {
        const target = { tenantId: body.tenantId, client: clientOf(request) };
        return toSignedIn(await switchTenant(dependencies, memberOrRefused(actor), target));
      },
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/auth/me',
      needs: 'signed-in',
      tag,
      summary: 'Who you are, and what you may do',
      answers: { 200: meSchema },
      handle: ({ request }) => describe(dependencies, actorOf(request)),
    }),
  ];
}

type Me = z.output<typeof meSchema>;

async function describe(dependencies: AuthDependencies, actor: TenantActor): Promise<Me> {
  const { tenantId } = actor;
  const permissions = [...actor.permissions];
  switch (actor.type) {
    case 'member':
      return describeMember(dependencies, actor);
    case 'api-key': {
      const { type, apiKeyId, mode } = actor;
      return { type, apiKeyId, mode, tenantId, permissions };
    }
    case 'staff': {
      const { type, staffId, sessionId: impersonationId } = actor;
      return { type, staffId, impersonationId, tenantId, permissions };
    }
    case 'agent':
    case 'customer':
    case 'system':
      throw new Error('Requests come from people and programs alone.');
    default:
      return actor satisfies never;
  }
}

async function describeMember({ tenancy }: AuthDependencies, actor: MemberActor): Promise<Me> {
  const { person, memberships } = await tenancy.system(async (tx) => ({
    person: await findById(tx, actor.personId),
    memberships: (await listMemberships(tx, actor.personId)).map(toMembership),
  }));
  if (person === undefined) throw accountClosed();
  return {
    type: 'member',
    person,
    sessionId: actor.sessionId,
    membership: memberships.find(({ tenant }) => tenant.id === actor.tenantId)!,
    memberships,
    permissions: [...actor.permissions],
  };
}
