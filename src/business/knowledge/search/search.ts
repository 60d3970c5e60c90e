/** The door of search: what is found in the knowledge of a business, by words and by meaning. */
export { KnowledgeSearch, type Passage } from './knowledge-search.ts';
export { searchEndpoints, type SearchEndpointsDependencies } from './search-endpoints.ts';
