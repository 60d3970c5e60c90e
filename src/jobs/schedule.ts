import { Cron } from 'croner';

/**
 * A job that is repeated. Its data is `{ scheduledFor }`, the time of the tick as text (RFC 3339). With a cron
 * expression the time is that of a clock on the wall in `timeZone` (IANA): what falls into the hour that is skipped
 * in spring runs right after it, what falls into the hour that is repeated in autumn runs once.
 */
export type ScheduleLine = { readonly name: string; readonly job: string } & (
  | { readonly everyMs: number }
  | { readonly cron: string; readonly timeZone: string }
);

/** The first time after `after`. Intervals are counted from 1970, so that every node comes to the same times. */
export function nextTick(line: ScheduleLine, after: Date): Date {
  if ('everyMs' in line) return new Date((Math.floor(after.getTime() / line.everyMs) + 1) * line.everyMs);
  const next = cronOf(line).nextRun(after);
  if (next === null) throw new Error(`The schedule "${line.name}" never comes: ${line.cron}`);
  return next;
}

/** The last time until `now`, `now` included. `earlier` is one of them. */
export function lastTick(line: ScheduleLine, now: Date, earlier: Date): Date {
  if ('everyMs' in line) return new Date(Math.floor(now.getTime() / line.everyMs) * line.everyMs);
  // Within the second of the reference croner takes what is earlier than it, and cron has no fractions.
  const reference = new Date(Math.floor(now.getTime() / 1_000) * 1_000 + 1);
  return cronOf(line).previousRuns(1, reference)[0] ?? earlier;
}

/** What the times of a line depend on, as text. */
export function ruleOf(line: ScheduleLine): string {
  return 'everyMs' in line ? `every ${line.everyMs} ms` : `${line.cron} in ${line.timeZone}`;
}

function cronOf({ cron, timeZone }: Extract<ScheduleLine, { cron: string }>): Cron {
  return new Cron(cron, { timezone: timeZone, paused: true });
}
