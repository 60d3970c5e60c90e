/** Search of the knowledge base, for agents. */
export { KnowledgeLookup } from './knowledge-lookup.ts';
