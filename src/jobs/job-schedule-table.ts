/** When each line of the schedule is due next. */
export interface JobScheduleTable {
  readonly name: string;
  /** The rule that `nextAt` was computed from; `nextAt` is recomputed when the rule changes. */
  readonly rule: string;
  readonly nextAt: Date;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    jobSchedule: JobScheduleTable;
  }
}
