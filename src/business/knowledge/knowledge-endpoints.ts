import type { AnyEndpoint } from '../tenancy/access/access.ts';
import { questionEndpoints } from './questions/questions.ts';
import { searchEndpoints, type SearchEndpointsDependencies } from './search/search.ts';
import { entryEndpoints, fileEndpoints } from './sources/sources.ts';

export function knowledgeEndpoints(dependencies: SearchEndpointsDependencies): readonly AnyEndpoint[] {
  return [...entryEndpoints, ...fileEndpoints, ...searchEndpoints(dependencies), ...questionEndpoints];
}
