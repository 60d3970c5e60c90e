import { type Endpoint, endpoint } from '../../tenancy/access/access.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import { toolListSchema, voiceListSchema } from './catalogue-answers.ts';

const tag = 'Agents';

export function catalogueEndpoints({ tools, voices }: AgentCatalogue): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/tools',
      needs: 'agents:read',
      tag,
      summary: 'List the tools an agent can have',
      answers: { 200: toolListSchema },
      handle: () => ({ data: [...tools], nextCursor: null }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/voices',
      needs: 'agents:read',
      tag,
      summary: 'List voices to choose from',
      description: 'A voice of your own account is named by its id just the same.',
      answers: { 200: voiceListSchema },
      handle: () => ({ data: [...voices], nextCursor: null }),
    }),
  ];
}
