import type { Logger } from 'pino';
import type * as z from 'zod';

/**
 * A job, declared by its domain and listed in `app/all-jobs.ts`. Delivery is at least once (a process can die between
 * the end of a job and its acknowledgement), so a job must be idempotent.
 */
export interface JobDeclaration<Schema extends z.ZodType = z.ZodType> {
  /** Noun and verb, with dashes: `finish-call`. */
  readonly name: string;
  readonly schema: Schema;
  /**
   * Concurrency per process, for a job that is slow or takes much memory. It has a queue of its own, so that a backlog
   * of it does not delay other jobs.
   */
  readonly maxAtOnce?: number;
  run(data: z.output<Schema>, context: JobContext): Promise<void>;
  /** Called after the last attempt failed or crashed its process, to mark the failure in the domain's own data. */
  onDeadLetter?(data: z.output<Schema>, context: JobContext): Promise<void>;
}

export interface JobContext {
  /** Logs with the job's name and id. */
  readonly logger: Logger;
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborted when this process stops; a job of many steps ends after its current one. */
  readonly signal: AbortSignal;
}

/** Checks the declaration and keeps the type of its data. */
export function declareJob<Schema extends z.ZodType>(job: JobDeclaration<Schema>): JobDeclaration<Schema> {
  return job;
}

/** A context for tests that run a job without the queue. */
export function jobContext(deps: Pick<JobContext, 'logger'>): JobContext {
  return { ...deps, attempt: 1, signal: new AbortController().signal };
}
