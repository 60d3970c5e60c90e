/** Journals: the events of live calls, written to disk first and copied to the database. */
export type { Journal } from './call-journal.ts';
export { Journals } from './journals.ts';
