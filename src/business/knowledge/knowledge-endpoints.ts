import type { AnyEndpoint } from '../tenancy/access/access.ts';
import { questionEndpoints } from './questions/questions.ts';
import { searchEndpoints, type SearchEndpointsDependencies } from './search/search.ts';

export function knowledgeEndpoints(dependencies: SearchEndpointsDependencies): readonly AnyEndpoint[] {
  return [...searchEndpoints(dependencies), ...questionEndpoints];
}
