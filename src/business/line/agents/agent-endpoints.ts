import { type Endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
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

const agents = restResource({
  path: '/v1/agents',
  id: pathId('agt', 'agent'),
  tag: 'Agents',
  permission: 'agents',
  row: agentSchema,
});

/** A tenant's agents with their versions, and what agents can be made of. */
export function agentEndpoints({ catalogue, uses }: AgentEndpointDependencies): readonly Endpoint[] {
  return [
    agents.list('List agents, newest first', {
      query: agentQuery,
      page: agentPageSchema,
      handle: listAgents,
    }),
    agents.read('Read one agent', { handle: getAgent }),
    agents.create('Make an agent, as a draft', {
      description: 'It answers nothing before it is published and linked to a phone number.',
      body: newAgentSchema,
      handle: (tx, actor, input) => createAgent(tx, actor, input, { catalogue }),
    }),
    agents.change('Change the draft of an agent', {
      description:
        'The published version answers calls until the draft is published. Send `If-Match` with the ETag you have read, and a change of somebody else is not overwritten.',
      body: agentChangesSchema,
      handle: (tx, actor, id, change) => changeDraft(tx, actor, id, { ...change, catalogue }),
    }),
    agents.remove('Remove an agent', {
      description:
        'One that has answered calls is archived, for the record of those calls. An agent that answers numbers is unlinked from them first.',
      answers: { 200: removalSchema },
      handle: (tx, actor, id, { now }) => removeAgent(tx, actor, id, { now, uses }),
    }),
    ...agentVersionEndpoints(catalogue),
    ...catalogueEndpoints(catalogue),
  ];
}
