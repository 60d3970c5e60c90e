import { z } from 'zod';
import { slugOf } from '../../../platform/process/text.ts';
import { Conflict } from '../../../platform/process/errors.ts';

export const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be small letters, digits and single hyphens')
  .max(60)
  .meta({ description: 'What the agent calls it; made of the name where left out.', examples: ['tune-up'] });

const mostOfOneName = 50;
// The rest of the column is for a suffix that distinguishes equal names.
const mostOfSlug = 50;

/**
 * Inserts with the requested slug, or else with the first free one for the name. `insert` returns undefined if the slug
 * is taken.
 */
export async function insertUnderSlug<Row>(
  { slug, name, kind }: { readonly slug: string | undefined; readonly name: string; readonly kind: string },
  insert: (slug: string) => Promise<Row | undefined>,
): Promise<Row> {
  // A name without Latin letters or digits has an empty slug.
  const base = slug ?? (slugOf(name, mostOfSlug) || kind);
  const tries = slug === undefined ? mostOfOneName : 1;
  for (let count = 1; count <= tries; count += 1) {
    const row = await insert(count === 1 ? base : `${base}-${count}`);
    if (row !== undefined) return row;
  }
  throw new Conflict(`There is a ${kind} "${base}" already; choose another slug.`, {
    code: 'slug-taken',
    data: { slug: base },
  });
}
