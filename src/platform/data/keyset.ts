import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, type Page, type PageRequest, toPage } from './paging.ts';

/** A sort column: its reference in the query, the property of the row that holds it, and its form in a cursor. */
export interface KeysetColumn {
  readonly column: string;
  /** The column's own name by default. */
  readonly property?: string;
  readonly codec?: z.ZodType;
}

export interface Keyset {
  /** One page of a query, in the order of the keyset, without `offset`. */
  page<Tables, Table extends keyof Tables, Row extends object>(
    query: SelectQueryBuilder<Tables, Table, Row>,
    request: PageRequest & { readonly direction?: 'asc' | 'desc' | undefined },
  ): Promise<Page<Row>>;
}

/** Instants in a cursor. */
export const cursorInstant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/**
 * The order of a list and its cursors: `keyset({ column: 'product.name' }, { column: 'product.id' })`. The last column
 * must be unique; columns must not be null.
 */
export function keyset(...columns: readonly KeysetColumn[]): Keyset {
  const parts = columns.map(({ column, property, codec }) => ({
    reference: sql.ref(column),
    property: property ?? column.slice(column.lastIndexOf('.') + 1),
    codec: codec ?? z.string(),
  }));
  const tuple = z.tuple(parts.map(({ codec }) => codec) as unknown as [z.ZodType]);
  return {
    async page(query, { limit, cursor, direction = 'asc' }) {
      let paged = query;
      if (cursor !== undefined) paged = paged.where(beyond(parts, decodeCursor(cursor, tuple), direction));
      for (const { reference } of parts) {
        paged = paged.orderBy(reference, direction);
      }
      const rows = await paged.limit(limit + 1).execute();
      return toPage(
        rows,
        limit,
        (row) =>
          z.encode(
            tuple,
            parts.map(({ property }) => (row as Record<string, unknown>)[property]) as [unknown],
          ) as [string],
        (row) => row,
      );
    },
  };
}

function beyond(
  parts: readonly { readonly reference: RawBuilder<unknown> }[],
  key: readonly unknown[],
  direction: 'asc' | 'desc',
): RawBuilder<SqlBool> {
  const columns = sql.join(parts.map(({ reference }) => reference));
  const operator = sql.raw(direction === 'asc' ? '>' : '<');
  return sql<SqlBool>`(${columns}) ${operator} (${sql.join(key)})`;
}
