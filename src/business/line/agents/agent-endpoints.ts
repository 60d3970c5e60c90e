import { type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import { agentPageSchema, agentSchema, removalSchema } from './agent.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import { getAgent, listAgents } from './agent-queries.ts';
import { agentChangesSchema, agentQuery, newAgentSchema } from './agent-requests.ts';
import { type AgentUses, changeDraft, createAgent, removeAgent } from './agent-service.ts';
import { agentVersionEndpoints } from './agent-version-endpoints.ts';
import { catalogueEndpoints } from './catalogue-endpoints.ts';

export interface AgentEndpointDependencies {
  readonly catalogue: AgentCatalogue;
  readonly uses: AgentUses;
}

const tag = 'Agents';
const id = pathId('agt', 'agent');

/** A tenant's agents with their versions, and what agents can be made of. */
export function agentEndpoints({ catalogue, uses }: AgentEndpointDependencies): readonly Endpoint[] {
  return [
    ...readingEndpoints,
    ...draftEndpoints(catalogue),
    removalEndpoint(uses),
    ...agentVersionEndpoints(catalogue),
    ...catalogueEndpoints(catalogue),
  ];
}

const readingEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/agents',
    needs: 'agents:read',
    tag,
    summary: 'List agents, newest first',
    query: agentQuery,
    answers: { 200: agentPageSchema },
    handle: ({ tx, query }) => listAgents(tx, query),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/agents/:id',
    needs: 'agents:read',
    tag,
    summary: 'Read one agent',
    params: { id },
    answers: { 200: agentSchema },
    handle: ({ tx, params }) => getAgent(tx, params.id),
  }),
];

function draftEndpoints(catalogue: AgentCatalogue): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/v1/agents',
      needs: 'agents:write',
      idempotent: true,
      tag,
      summary: 'Make an agent, as a draft',
      description: 'It answers nothing before it is published and linked to a phone number.',
      body: newAgentSchema,
      answers: { 201: agentSchema },
      handle: ({ tx, actor, body }) => createAgent(tx, actor, body, { catalogue }),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/agents/:id',
      needs: 'agents:write',
      tag,
      summary: 'Change the draft of an agent',
      description:
        'The published version answers calls until the draft is published. Send `If-Match` with the ETag you have read, and a change of somebody else is not overwritten.',
      params: { id },
      body: agentChangesSchema,
      answers: { 200: agentSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeDraft(tx, actor, params.id, { changes: body, ifMatch, catalogue }),
    }),
  ];
}

function removalEndpoint(uses: AgentUses): Endpoint {
  return endpoint({
    method: 'DELETE',
    path: '/v1/agents/:id',
    needs: 'agents:write',
    tag,
    summary: 'Remove an agent',
    description:
      'One that has answered calls is archived, for the record of those calls. An agent that answers numbers is unlinked from them first.',
    params: { id },
    answers: { 200: removalSchema },
    handle: ({ tx, actor, params, now }) => removeAgent(tx, actor, params.id, { now, uses }),
  });
}
