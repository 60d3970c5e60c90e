/** The door of references: the short numbers and slugs by which people name things. Ids are in `ids/`. */
export { parseReference } from './reference.ts';
export { nextReference } from './reference-counter.ts';
export { insertUnderSlug, slugSchema } from './slug.ts';
