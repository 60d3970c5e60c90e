/** Every table, as Kysely knows it. One interface per file beside this one. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface Database {}
