/** How often something was tried for one identity within a window of time. */
export interface AttemptCountTable {
  /** What is tried, and for whom (never in clear): `sign-in <blind index>`. */
  subject: string;
  count: number;
  windowEndsAt: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    attemptCount: AttemptCountTable;
  }
}
