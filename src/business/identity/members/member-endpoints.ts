import { z } from 'zod';
import { type AnyEndpoint, pathId, rawEndpoint } from '../../tenancy/access/access.ts';
import { actorOf, memberOrRefused } from '../../tenancy/actor/actor.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { acceptInvitation, type InvitationDependencies, invite, resendInvitation } from './invitations.ts';
import {
  acceptanceSchema,
  acceptedSchema,
  invitationSchema,
  memberChangesSchema,
  memberPageSchema,
  memberPermissionsSchema,
  memberQuery,
  memberSchema,
} from './member.ts';
import { withPeople, withPerson } from './member-people.ts';
import { explainPermissions } from './member-rights.ts';
import { changeMember, getMember, listMembers, removeMember } from './member-service.ts';

const tag = 'Members';
const id = pathId('mem', 'member');

/**
 * Raw, because responses include people, who belong to no tenant, and an invitation is sent outside of a transaction.
 */
export function memberEndpoints(dependencies: InvitationDependencies): readonly AnyEndpoint[] {
  const { tenancy } = dependencies;
  return [...readingEndpoints(tenancy), ...invitationEndpoints(dependencies), ...changingEndpoints(tenancy)];
}

function readingEndpoints(tenancy: Tenancy): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/members',
      needs: 'members:read',
      tag,
      summary: 'List members and open invitations',
      query: memberQuery,
      answers: { 200: memberPageSchema },
      async handle({ request, query }) {
        const { data, nextCursor } = await tenancy.run(actorOf(request), (tx) => listMembers(tx, query));
        return { data: await withPeople(tenancy, data), nextCursor };
      },
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/members/:id',
      needs: 'members:read',
      tag,
      summary: 'Read one member',
      params: { id },
      answers: { 200: memberSchema },
      async handle({ request, params }) {
        const row = await tenancy.run(actorOf(request), (tx) => getMember(tx, params.id));
        return withPerson(tenancy, row);
      },
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/members/:id/permissions',
      needs: 'members:read',
      tag,
      summary: 'Explain what a member may do, and where each permission comes from',
      params: { id },
      answers: { 200: memberPermissionsSchema },
      async handle({ request, params }) {
        const member = await tenancy.run(actorOf(request), (tx) => getMember(tx, params.id));
        return { role: member.role, data: explainPermissions(member) };
      },
    }),
  ];
}

function invitationEndpoints(dependencies: InvitationDependencies): readonly AnyEndpoint[] {
  const { tenancy } = dependencies;
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/members',
      needs: 'members:write',
      idempotent: true,
      changesAccess: true,
      tag,
      summary: 'Invite somebody by e-mail or phone',
      body: invitationSchema,
      answers: { 201: memberSchema },
      async handle({ request, body, now }) {
        return withPerson(tenancy, await invite(dependencies, actorOf(request), body, now));
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/members/accept',
      needs: 'signed-in',
      changesAccess: true,
      tag,
      summary: 'Accept an invitation with the account you are signed in to',
      body: acceptanceSchema,
      answers: { 200: acceptedSchema },
      handle({ actor, body, now }) {
        const { personId } = memberOrRefused(actor);
        return tenancy.system((tx) => acceptInvitation(tx, { ...body, personId }, now));
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/members/:id/resend-invitation',
      needs: 'members:write',
      changesAccess: true,
      tag,
      summary: 'Send an invitation again; the link before it stops working',
      params: { id },
      answers: { 200: memberSchema },
      async handle({ request, params, now }) {
        return withPerson(tenancy, await resendInvitation(dependencies, actorOf(request), params.id, now));
      },
    }),
  ];
}

function changingEndpoints(tenancy: Tenancy): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'PATCH',
      path: '/v1/members/:id',
      needs: 'members:write',
      changesAccess: true,
      tag,
      summary: 'Change a member’s role, name or permissions',
      params: { id },
      body: memberChangesSchema,
      answers: { 200: memberSchema },
      async handle({ request, params, body, ifMatch }) {
        const actor = actorOf(request);
        const row = await tenancy.run(actor, (tx) =>
          changeMember(tx, actor, params.id, { changes: body, ifMatch }),
        );
        return withPerson(tenancy, row);
      },
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/members/me',
      needs: 'signed-in',
      changesAccess: true,
      tag,
      summary: 'Leave the tenant',
      answers: { 204: z.null() },
      handle({ actor, now }) {
        const member = memberOrRefused(actor);
        return tenancy.run(member, (tx) => removeMember(tx, member, member.memberId, now));
      },
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/members/:id',
      needs: 'members:write',
      changesAccess: true,
      tag,
      summary: 'Remove a member, or withdraw an invitation',
      params: { id },
      answers: { 204: z.null() },
      handle({ request, params, now }) {
        const actor = actorOf(request);
        return tenancy.run(actor, (tx) => removeMember(tx, actor, params.id, now));
      },
    }),
  ];
}
