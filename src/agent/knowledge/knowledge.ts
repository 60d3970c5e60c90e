/** The door to what the business has written down. */
export { KnowledgeLookup } from './knowledge-lookup.ts';
