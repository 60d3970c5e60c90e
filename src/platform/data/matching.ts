import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** From `from` on, and before `before`; either end may be open. */
export interface Range<Value> {
  readonly from?: Value | undefined;
  readonly before?: Value | undefined;
}

/** What a column must be: this value, one of these, null, within a range; anything, where undefined. */
export type Condition<Value> = Value | readonly NonNullable<Value>[] | Range<NonNullable<Value>> | undefined;

export type Conditions<Name extends keyof Tables> = {
  readonly [Column in keyof Selectable<Tables[Name]>]?: Condition<Selectable<Tables[Name]>[Column]>;
};

/**
 * The `where` of a list's filters: `query.where(matching('ticket', { status, assigneeId }))`. Filters that a client
 * left out are undefined, and ask for nothing. An empty list of values matches no row.
 */
export function matching<Name extends keyof Tables>(
  table: Name,
  conditions: Conditions<Name>,
): RawBuilder<SqlBool> {
  const parts = Object.entries(conditions).flatMap(([column, condition]) =>
    condition === undefined ? [] : partsOf(sql.ref(`${table}.${column}`), condition),
  );
  return parts.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

function partsOf(column: RawBuilder<unknown>, condition: unknown): readonly RawBuilder<unknown>[] {
  if (condition === null) return [sql`${column} is null`];
  if (Array.isArray(condition)) {
    return [condition.length === 0 ? sql`false` : sql`${column} in (${sql.join(condition)})`];
  }
  if (!isRange(condition)) return [sql`${column} = ${condition}`];
  const { from, before } = condition;
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${from}`]),
    ...(before === undefined ? [] : [sql`${column} < ${before}`]),
  ];
}

function isRange(condition: unknown): condition is Range<unknown> {
  return typeof condition === 'object' && condition !== null && !(condition instanceof Date);
}

/**
 * Every word, in part or whole, whatever its case, in the text of these columns together: for the names of one
 * tenant's catalogue, where no index is quicker.
 */
export function containingWords(
  columns: string | readonly string[],
  text: string | undefined,
): RawBuilder<SqlBool> {
  const words = (text ?? '').split(/\s+/).filter(Boolean);
  if (words.length === 0) return sql<SqlBool>`true`;
  const searched = sql`lower(concat_ws(' ', ${sql.join([columns].flat().map((column) => sql.ref(column)))}))`;
  const parts = words.map((word) => sql`position(lower(${word}) in ${searched}) > 0`);
  return sql<SqlBool>`${sql.join(parts, sql` and `)}`;
}

/** The pattern of `like` for texts that begin with this one, in small letters; its own signs stand for themselves. */
export function prefixPattern(text: string): string {
  return `${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
