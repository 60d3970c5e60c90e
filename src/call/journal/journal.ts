/** The door of journals: what a live call writes down, on disk at once and in the database soon after. */
export type { Journal } from './call-journal.ts';
export { Journals } from './journals.ts';
