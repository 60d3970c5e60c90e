import type { AnyEndpoint } from '../tenancy/access/access.ts';
import { questionEndpoints } from './questions/questions.ts';
import { searchEndpoints, type SearchEndpointsDependencies } from './search/search.ts';
import { type AddFileDependencies, entryEndpoints, fileEndpoints } from './sources/sources.ts';

export type KnowledgeEndpointsDependencies = SearchEndpointsDependencies & AddFileDependencies;

export function knowledgeEndpoints(dependencies: KnowledgeEndpointsDependencies): readonly AnyEndpoint[] {
  return [
    ...entryEndpoints,
    ...fileEndpoints(dependencies),
    ...searchEndpoints(dependencies),
    ...questionEndpoints,
  ];
}
