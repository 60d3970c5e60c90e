import type { ScheduleLine } from '../jobs/jobs.ts';

const second = 1_000;
const hour = 3_600_000;

/** Every periodic job; each runs once for all processes. A time of day is given as `{ cron, timeZone }`. */
export const schedule: readonly ScheduleLine[] = [
  { name: 'settle-numbers', job: 'settle-numbers', everyMs: 20 * second },
  { name: 'delete-expired-recordings', job: 'delete-expired-recordings', everyMs: hour },
  { name: 'delete-idempotency-keys', job: 'delete-idempotency-keys', everyMs: hour },
];
