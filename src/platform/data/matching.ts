import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** A half-open range, `from` included and `before` excluded; either end may be open. */
export interface Range<Value> {
  readonly from?: Value | undefined;
  readonly before?: Value | undefined;
}

/** A condition on a column: this value, one of these, null, or within a range; undefined allows anything. */
export type Condition<Value> = Value | readonly NonNullable<Value>[] | Range<NonNullable<Value>> | undefined;

export type Conditions<Name extends keyof Tables> = {
  readonly [Column in keyof Selectable<Tables[Name]>]?: Condition<Selectable<Tables[Name]>[Column]>;
};

/**
 * The `where` of a list's filters: `query.where(matching('ticket', { status, assigneeId }))`. Undefined filters match
 * every row; an empty list of values matches none.
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
 * Rows in whose columns every word occurs, also as part of a word, case-insensitively. Not indexed: for the few names
 * of one tenant's catalogue.
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

/** The `like` pattern for texts that begin with this one, in lower case and escaped. */
export function prefixPattern(text: string): string {
  return `${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
