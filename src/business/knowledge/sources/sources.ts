/** The door of sources: what a business has written down, as entries and as files. */
export { type Entry, entrySchema } from './entry.ts';
export { entryEndpoints } from './entry-endpoints.ts';
export { knowledgeEntryEvents } from './entry-events.ts';
export { createEntry } from './entry-service.ts';
export type { AddFileDependencies } from './add-file.ts';
export { fileEndpoints } from './file-endpoints.ts';
export { knowledgeFileEvents } from './file-events.ts';
export { type FileJobDependencies, fileJobs } from './file-jobs.ts';
export { languageSchema, textSchema } from './source.ts';
