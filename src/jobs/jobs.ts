/** Jobs: declared and enqueued by their domains, scheduled and run by the root. */
export { type JobDeclaration, declareJob } from './job.ts';
export { OutboxRelay } from './outbox-relay.ts';
export { type NewJob, enqueue } from './outbox.ts';
export { openQueue } from './queue.ts';
export type { Rhythm, ScheduleLine } from './schedule.ts';
export { startScheduler } from './scheduler.ts';
export {
  type JobState,
  type StoredJob,
  discardJob,
  jobStates,
  listJobs,
  replayDeadJobs,
  replayJob,
} from './stored-jobs.ts';
export { watchJobs } from './watch-jobs.ts';
export { startWorker, jobsWithOwnQueue } from './worker.ts';
