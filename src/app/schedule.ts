import type { ScheduleLine } from '../jobs/jobs.ts';

const second = 1_000;
const hour = 3_600_000;

/** Everything that is repeated, once for the whole fleet. Times on a clock are `{ cron, timeZone }`. */
export const schedule: readonly ScheduleLine[] = [
  { name: 'settle-numbers', job: 'settle-numbers', everyMs: 20 * second },
  { name: 'delete-expired-recordings', job: 'delete-expired-recordings', everyMs: hour },
  { name: 'delete-idempotency-keys', job: 'delete-idempotency-keys', everyMs: hour },
];
