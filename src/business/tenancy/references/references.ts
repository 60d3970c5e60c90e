/** Short numbers and slugs, by which people name resources. Ids are in `ids/`. */
export { parseReference } from './reference.ts';
export { nextReference } from './reference-counter.ts';
export { insertUnderSlug, slugSchema } from './slug.ts';
