import { Cron } from 'croner';

/**
 * A periodic job. Its data is `{ scheduledFor }`, the time of the tick as text (RFC 3339). A cron expression is in
 * local time of `timeZone` (IANA): what falls into the hour skipped by daylight saving runs right after it, what falls
 * into the repeated hour runs once.
 */
export type ScheduleLine = { readonly name: string; readonly job: string } & Rhythm;

export type Rhythm = { readonly everyMs: number } | { readonly cron: string; readonly timeZone: string };

/**
 * The first time after `after`. Intervals are counted from the Unix epoch, so that every node computes the same times.
 */
export function nextTick(line: ScheduleLine, after: Date): Date {
  if ('everyMs' in line) return new Date((Math.floor(after.getTime() / line.everyMs) + 1) * line.everyMs);
  const next = cronOf(line).nextRun(after);
  if (next === null) throw new Error(`The schedule "${line.name}" never comes: ${line.cron}`);
  return next;
}

/** The last time not after `now`; `earlier` is one of the times. */
export function lastTick(line: ScheduleLine, now: Date, earlier: Date): Date {
  if ('everyMs' in line) return new Date(Math.floor(now.getTime() / line.everyMs) * line.everyMs);
  // croner excludes the reference itself, and cron has no fractions of seconds.
  const reference = new Date(Math.floor(now.getTime() / 1_000) * 1_000 + 1);
  return cronOf(line).previousRuns(1, reference)[0] ?? earlier;
}

/** The rule of a line as text, to detect changes. */
export function ruleOf(line: ScheduleLine): string {
  return 'everyMs' in line ? `every ${line.everyMs} ms` : `${line.cron} in ${line.timeZone}`;
}

function cronOf({ cron, timeZone }: Extract<ScheduleLine, { cron: string }>): Cron {
  return new Cron(cron, { timezone: timeZone, paused: true });
}
