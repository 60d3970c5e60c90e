import type { Logger } from 'pino';
import type * as z from 'zod';

/**
 * Something done later, declared by the domain it belongs to (a function of what it needs) and listed in
 * `app/all-jobs.ts`. It may run more than once (a process can die between its end and the note of it), so running
 * twice has to mean running once.
 */
export interface JobDeclaration<Schema extends z.ZodType = z.ZodType> {
  /** Noun and verb, with dashes: `finish-call`. */
  readonly name: string;
  readonly schema: Schema;
  /**
   * How many run at once in one process. A job that says so has places of its own: however many wait, they take none
   * from other jobs. For what is slow, or takes much memory.
   */
  readonly maxAtOnce?: number;
  run(data: z.output<Schema>, context: JobContext): Promise<void>;
  /** After the last attempt failed, or ended its process: shows on the domain's own record that nothing more comes. */
  onDeadLetter?(data: z.output<Schema>, context: JobContext): Promise<void>;
}

export interface JobContext {
  /** Carries the job's name and id. */
  readonly logger: Logger;
  /** From 1, and counted before the work begins. */
  readonly attempt: number;
  /** Aborted when this process stops; a job of many steps ends after the one it is at. */
  readonly signal: AbortSignal;
}

/** Checks the declaration and keeps the type of its data. */
export function declareJob<Schema extends z.ZodType>(job: JobDeclaration<Schema>): JobDeclaration<Schema> {
  return job;
}

/** For a job that a test runs at once and by itself, without the queue. */
export function jobContext(deps: Pick<JobContext, 'logger'>): JobContext {
  return { ...deps, attempt: 1, signal: new AbortController().signal };
}
