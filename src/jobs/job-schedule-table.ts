/** When each line of the schedule is due next. */
export interface JobScheduleTable {
  readonly name: string;
  /** The line that `nextAt` was computed from; another line computes it anew. */
  readonly rule: string;
  readonly nextAt: Date;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    jobSchedule: JobScheduleTable;
  }
}
