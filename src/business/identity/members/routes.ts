import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { MemberId } from '../../tenancy/references/ids.ts';
import { actorOf, memberOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { acceptInvitation, invite, type InvitationDependencies, resendInvitation } from './invitations.ts';
import {
  acceptanceSchema,
  acceptedSchema,
  invitationSchema,
  memberChangesSchema,
  memberListQuery,
  memberPageSchema,
  memberPermissionsSchema,
  memberSchema,
} from './schema.ts';
import { changeMember, getMember, listMembers, permissionsOf, removeMember } from './service.ts';

const tags = ['Members'];
const params = z.object({ id: z.string().max(100) });
const read = { access: { permission: 'members:read' } } as const;
const write = { access: { permission: 'members:write' }, changesAccess: true } as const;

/** Who belongs to the tenant, and what each may do. */
export const memberRoutes: FastifyPluginAsyncZod<InvitationDependencies> = async (app, dependencies) => {
  const { db } = dependencies;

  app.get(
    '/v1/members',
    {
      config: read,
      schema: {
        tags,
        summary: 'List members and open invitations',
        querystring: memberListQuery,
        response: { 200: memberPageSchema, ...reading },
      },
    },
    (request) => listMembers(db, actorOf(request), request.query),
  );

  app.post(
    '/v1/members',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Invite somebody by e-mail or phone',
        body: invitationSchema,
        response: { 201: memberSchema, ...creating },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await invite(dependencies, actorOf(request), request.body)),
  );

  app.post(
    '/v1/members/accept',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: {
        tags,
        summary: 'Accept an invitation with the account you are signed in to',
        body: acceptanceSchema,
        response: { 200: acceptedSchema, ...changing },
      },
    },
    (request) => acceptInvitation(db, { token: request.body.token, personId: memberOf(request).personId }),
  );

  app.delete(
    '/v1/members/me',
    {
      config: { access: 'signed-in', changesAccess: true },
      schema: { tags, summary: 'Leave the tenant', response: { 204: z.null(), ...changing } },
    },
    async (request, reply) => {
      const actor = memberOf(request);
      await removeMember(db, actor, actor.memberId);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/members/:id',
    {
      config: read,
      schema: { tags, summary: 'Read one member', params, response: { 200: memberSchema, ...reading } },
    },
    async (request, reply) => withEtag(reply, await getMember(db, actorOf(request), idOf(request.params.id))),
  );

  app.patch(
    '/v1/members/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a member’s role, name or permissions',
        params,
        body: memberChangesSchema,
        response: { 200: memberSchema, ...changing },
      },
    },
    async (request, reply) => {
      const change = { changes: request.body, ifMatch: ifMatchOf(request) };
      return withEtag(reply, await changeMember(db, actorOf(request), idOf(request.params.id), change));
    },
  );

  app.delete(
    '/v1/members/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a member, or withdraw an invitation',
        params,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await removeMember(db, actorOf(request), idOf(request.params.id));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/members/:id/resend-invitation',
    {
      config: write,
      schema: {
        tags,
        summary: 'Send an invitation again; the link before it stops working',
        params,
        response: { 200: memberSchema, ...changing },
      },
    },
    (request) => resendInvitation(dependencies, actorOf(request), idOf(request.params.id)),
  );

  app.get(
    '/v1/members/:id/permissions',
    {
      config: read,
      schema: {
        tags,
        summary: 'Explain what a member may do, and where each permission comes from',
        params,
        response: { 200: memberPermissionsSchema, ...reading },
      },
    },
    (request) => permissionsOf(db, actorOf(request), idOf(request.params.id)),
  );
};

/** What cannot be an id is as unknown as one that is not there. */
function idOf(text: string): MemberId {
  const id = parseId('mem', text);
  if (id === undefined) throw new NotFound('There is no such member.');
  return id;
}
