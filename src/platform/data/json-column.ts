import type { ColumnType } from 'kysely';

/**
 * A jsonb column: read as a value, written with `JSON.stringify`, because the driver would turn a bare array into a
 * PostgreSQL array.
 */
export type JsonColumn<T> = ColumnType<T, string, string>;
export type NullableJsonColumn<T> = ColumnType<T | null, string | null | undefined, string | null>;
