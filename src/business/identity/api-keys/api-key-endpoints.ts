import { problemSchema } from '../../../platform/http/problem.ts';
import {
  type AnyEndpoint,
  endpoint,
  pathId,
  rawEndpoint,
  restResource,
} from '../../tenancy/access/access.ts';
import { actorOf } from '../../tenancy/actor/actor.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import {
  apiKeyInputSchema,
  apiKeyPageSchema,
  apiKeyQuery,
  apiKeySchema,
  createdApiKeySchema,
  embedQuery,
  embedSchema,
} from './api-key.ts';
import { createApiKey, getApiKey, getEmbeddableKey, listApiKeys, revokeApiKey } from './api-key-service.ts';
import { listUsage, usagePageSchema, usageQuery } from './api-key-usage.ts';
import { embedSnippet } from './embed-snippet.ts';
import type { UsageMeter } from './usage-meter.ts';

export interface ApiKeyEndpointDependencies {
  readonly tenancy: Tenancy;
  readonly usage: Pick<UsageMeter, 'flush'>;
  readonly publicUrl: string;
}

const tag = 'API keys';
const id = pathId('key', 'key');
const keys = restResource({ path: '/v1/api-keys', id, tag, permission: 'api-keys', row: apiKeySchema });

export function apiKeyEndpoints(dependencies: ApiKeyEndpointDependencies): readonly AnyEndpoint[] {
  return [...keyEndpoints, embedEndpoint(dependencies), usageEndpoint(dependencies)];
}

const keyEndpoints = [
  keys.list('List keys, newest first', { query: apiKeyQuery, page: apiKeyPageSchema, handle: listApiKeys }),
  keys.create('Make a key', {
    noStore: true,
    description: 'The key itself is in this answer and in no other.',
    body: apiKeyInputSchema,
    answers: { 201: createdApiKeySchema },
    handle: createApiKey,
  }),
  keys.read('Read one key', { handle: getApiKey }),
  keys.remove('Revoke a key, for good', { changesAccess: true, handle: revokeApiKey }),
];

function embedEndpoint({ publicUrl }: ApiKeyEndpointDependencies): AnyEndpoint {
  return endpoint({
    method: 'GET',
    path: '/v1/api-keys/:id/embed',
    needs: 'api-keys:read',
    tag,
    summary: 'The HTML of a chat with an agent, for a web page',
    description:
      'For a key with the scope `chat:write` alone. The key itself is put into it by you; the origin of the page has to be one of the server’s CORS_ORIGINS.',
    params: { id },
    query: embedQuery,
    answers: { 200: embedSchema, 409: problemSchema },
    async handle({ tx, params, query }) {
      const { hint: keyHint } = await getEmbeddableKey(tx, params.id);
      return { html: embedSnippet({ publicUrl, agentId: query.agentId, keyHint }) };
    },
  });
}

/** Raw, because the buffered counts of this process are written first, across tenants. */
function usageEndpoint({ tenancy, usage }: ApiKeyEndpointDependencies): AnyEndpoint {
  return rawEndpoint({
    method: 'GET',
    path: '/v1/api-keys/:id/usage',
    needs: 'api-keys:read',
    tag,
    summary: 'Requests, errors and response times of a key, by day and endpoint',
    params: { id },
    query: usageQuery,
    answers: { 200: usagePageSchema },
    async handle({ request, params, query, now }) {
      await usage.flush();
      return tenancy.run(actorOf(request), (tx) => listUsage(tx, params.id, query, now));
    },
  });
}
