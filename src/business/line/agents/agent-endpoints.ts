import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { toPage } from '../../../platform/data/paging.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import type { AgentId } from '../../tenancy/references/ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { checkMatch, ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import {
  type AgentView,
  createDraft,
  type DraftDependencies,
  getAgent,
  listAgents,
  removeAgent,
  updateDraft,
} from './agent-service.ts';
import {
  agentChangesSchema,
  agentListQuery,
  agentPageSchema,
  agentSchema,
  newAgentSchema,
  presentAgent,
  removalSchema,
} from './agent.ts';

const tags = ['Agents'];
const read = { access: { permission: 'agents:read' } } as const;
const write = { access: { permission: 'agents:write' } } as const;

export function agentIdIn(text: string): AgentId {
  return idInPath('agt', text, 'agent');
}

/** For changes of the draft: refuses one of a draft that somebody else has changed since. */
export function matching(ifMatch: string | undefined): (current: AgentView) => void {
  return (current) => checkMatch(ifMatch, presentAgent(current));
}

/** A tenant's agents. */
export const agentRoutes: FastifyPluginAsyncZod<DraftDependencies> = async (app, dependencies) => {
  const { db } = dependencies;

  app.get(
    '/v1/agents',
    {
      config: read,
      schema: {
        tags,
        summary: 'List agents, newest first',
        querystring: agentListQuery,
        response: { 200: agentPageSchema, ...reading },
      },
    },
    async (request) => {
      const agents = await listAgents(db, tenantOf(request), request.query);
      return toPage(agents, request.query.limit, ({ id }) => [id], presentAgent);
    },
  );

  app.post(
    '/v1/agents',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Make an agent, as a draft',
        description: 'It answers nothing before it is published and linked to a phone number.',
        body: newAgentSchema,
        response: { 201: agentSchema, ...creating },
      },
    },
    async (request, reply) => {
      const agent = await createDraft(dependencies, actorOf(request), request.body);
      return reply.code(201).send(withEtag(reply, presentAgent(agent)));
    },
  );

  app.get(
    '/v1/agents/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one agent',
        params: idParams,
        response: { 200: agentSchema, ...reading },
      },
    },
    async (request, reply) => {
      const agent = await inTenant(db, tenantOf(request), (tx) => getAgent(tx, agentIdIn(request.params.id)));
      return withEtag(reply, presentAgent(agent));
    },
  );

  app.patch(
    '/v1/agents/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change the draft of an agent',
        description:
          'What answers calls stays as it is until the draft is published. Send `If-Match` with the ETag you have read, and a change of somebody else is not overwritten.',
        params: idParams,
        body: agentChangesSchema,
        response: { 200: agentSchema, ...changing },
      },
    },
    async (request, reply) => {
      const agentId = agentIdIn(request.params.id);
      const check = matching(ifMatchOf(request));
      const agent = await updateDraft(dependencies, actorOf(request), agentId, request.body, check);
      return withEtag(reply, presentAgent(agent));
    },
  );

  app.delete(
    '/v1/agents/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove an agent',
        description:
          'One that has answered calls is archived, for the record of those calls. An agent that answers numbers is unlinked from them first.',
        params: idParams,
        response: { 200: removalSchema, ...changing },
      },
    },
    async (request) => {
      const agentId = agentIdIn(request.params.id);
      return { id: agentId, outcome: await removeAgent(dependencies, actorOf(request), agentId) };
    },
  );
};
