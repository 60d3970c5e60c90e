/** Number of attempts for one identity within a time window. */
export interface AttemptCountTable {
  /** The kind of attempt and a blind index of the identity: `sign-in <blind index>`. */
  subject: string;
  count: number;
  windowEndsAt: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    attemptCount: AttemptCountTable;
  }
}
