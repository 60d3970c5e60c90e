/**
 * Columns that no code names any more, and that the next release will drop: `booking.note`. A column is retired before
 * it is dropped, because processes of the release before still name it while they are replaced.
 */
export const retiredColumns: readonly string[] = [];
