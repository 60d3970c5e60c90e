import { z } from 'zod';
import { InvalidInput } from '../process/errors.ts';

/** The query of every list: spread its shape into one with filters (`z.object({ ...pageQuery.shape, … })`). */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(500).optional().describe('`nextCursor` of the page before.'),
});

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly data: Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** The answer of every list; its example is a last page of the item's own examples. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  const page = z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('Null on the last page.'),
  });
  const examples = item.meta()?.['examples'];
  return Array.isArray(examples) ? page.meta({ examples: [{ data: examples, nextCursor: null }] }) : page;
}

type CursorKey = readonly (string | number | boolean | null)[];

/** Encodes the sort key of the last row shown. */
export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Decodes a cursor; throws `InvalidInput` for any other text. `key` is the tuple that was encoded. */
export function decodeCursor<Key extends z.ZodType>(cursor: string, key: Key): z.output<Key> {
  const parsed = key.safeParse(fromText(cursor));
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    'This cursor is not one that a list has answered; leave it out to begin anew.',
    [{ pointer: '/querystring/cursor', detail: 'is not a cursor' }],
    { code: 'cursor-not-valid' },
  );
}

/**
 * Makes a page of rows that were queried with `limit: limit + 1`, where the extra row shows that there is another page.
 * `keyOf` gives the key for the next page's query.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => CursorKey,
  present: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null;
  return { data: shown.map(present), nextCursor };
}

function fromText(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
