import { rawEndpoint } from '../../tenancy/access/access.ts';
import { actorOf } from '../../tenancy/actor/actor.ts';
import type { KnowledgeSearch } from './knowledge-search.ts';
import { searchQuery, searchResultSchema, toFound } from './search-result.ts';

/** A person at a screen can wait for the vendor. The agent on a call has a shorter deadline of its own. */
const DEADLINE_MS = 2_000;

export interface SearchEndpointsDependencies {
  readonly knowledgeSearch: Pick<KnowledgeSearch, 'search'>;
}

export function searchEndpoints({ knowledgeSearch }: SearchEndpointsDependencies) {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/knowledge/search',
      needs: 'knowledge:read',
      tag: 'Knowledge',
      summary: 'Search as the agent does',
      description: 'By words, and by meaning where that can be compared. The best first.',
      query: searchQuery,
      answers: { 200: searchResultSchema },
      async handle({ request, query: { q: question, limit } }) {
        const search = { question, limit, deadlineMs: DEADLINE_MS };
        const { mode, passages, isAnswered } = await knowledgeSearch.search(
          actorOf(request).tenantId,
          search,
        );
        return {
          mode: mode === 'hybrid' ? ('hybrid' as const) : ('text' as const),
          answered: isAnswered,
          data: passages.map(toFound),
        };
      },
    }),
  ];
}
