/**
 * Columns that the code no longer uses and the next release will drop, such as `booking.note`. A column is retired
 * before it is dropped, because processes of the previous release use it while they are replaced.
 */
export const retiredColumns: readonly string[] = [];
