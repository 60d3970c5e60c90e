/**
 * Every table of the database, for Kysely. The domain that owns a table adds it here by declaration merging,
 * in the file that describes the row (`product-table.ts`), so that platform imports no domain.
 */
export interface Tables {}
