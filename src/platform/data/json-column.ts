import type { ColumnType } from 'kysely';

/**
 * A jsonb column: read as it is, written as the text `JSON.stringify` gives. The driver would turn a bare array into
 * a PostgreSQL array, so every write serialises explicitly.
 */
export type JsonColumn<T> = ColumnType<T, string, string>;
export type NullableJsonColumn<T> = ColumnType<T | null, string | null | undefined, string | null>;
