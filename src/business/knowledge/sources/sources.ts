/** The door of sources: what a business has written down, as entries and as files. */
export { createEntry, type NewEntry } from './entry-service.ts';
export { type FileJobDependencies, fileJobs } from './file-jobs.ts';
