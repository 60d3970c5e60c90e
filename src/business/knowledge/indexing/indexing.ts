/** The door of indexing: the passages of sources, and how they are found by their words and by their meaning. */
export { type EmbedDependencies, embedSourceJob } from './embed-job.ts';
export type { Embedder } from './embedder.ts';
export {
  type FoundChunk,
  listLanguages,
  readChunks,
  searchWords,
  type TextHit,
  type VectorHit,
} from './find-passages.ts';
export { listChunks } from './index-queries.ts';
export { enqueueEmbedding, replaceChunks } from './index-source.ts';
export { normaliseQuestion, textConfiguration } from './search-text.ts';
export { enqueueForSource, type SourceJob, sourceJobData } from './source-job.ts';
export { lockContents, setProgress, settleContents } from './source-progress.ts';
export { VectorStore } from './vector-store.ts';
