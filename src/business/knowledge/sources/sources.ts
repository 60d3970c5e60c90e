/** The door of sources: what a business has written down, as entries and as files. */
export { createEntry } from './entry-service.ts';
export { type FileJobDependencies, fileJobs } from './file-jobs.ts';
export { type Entry, entrySchema, languageSchema, presentEntry, textSchema } from './source.ts';
