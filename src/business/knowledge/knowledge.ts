/** The door of knowledge: what a business has written down for its agent, and what callers ask. */
export type { Embedder } from './indexing/indexing.ts';
export { knowledgeEndpoints } from './knowledge-endpoints.ts';
export { type KnowledgeJobsDependencies, knowledgeJobs } from './knowledge-jobs.ts';
export { type Asker, knowledgeQuestionEvents, recordQuestion } from './questions/questions.ts';
export { KnowledgeSearch, type Passage } from './search/search.ts';
export { createEntry, knowledgeEntryEvents, knowledgeFileEvents } from './sources/sources.ts';
