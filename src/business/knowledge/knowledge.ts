/** The door of knowledge: what a business has written down for its agent, and what callers ask. */
export type { Embedder } from './indexing/indexing.ts';
export { type KnowledgeJobsDependencies, knowledgeJobs } from './knowledge-jobs.ts';
export { KnowledgeSearch, type Passage } from './search/search.ts';
export { createEntry } from './sources/sources.ts';
