import type { Logger } from 'pino';
import type * as z from 'zod';
import type { Db } from '../platform/data/db.ts';

/**
 * Something done later, declared by the domain it belongs to and listed in `app/all-jobs.ts`. It may run more than
 * once (a process can die between its end and the note of it), so running twice has to mean running once.
 */
export interface JobDeclaration<Schema extends z.ZodType = z.ZodType> {
  /** Noun and verb, with dashes: `finish-call`. */
  readonly name: string;
  readonly schema: Schema;
  run(data: z.output<Schema>, context: JobContext): Promise<void>;
}

interface JobContext {
  readonly db: Db;
  /** Carries the job's name and id. */
  readonly logger: Logger;
}

/** Checks the declaration and keeps the type of its data. */
export function declareJob<Schema extends z.ZodType>(job: JobDeclaration<Schema>): JobDeclaration<Schema> {
  return job;
}
