import { finishCallJob } from '../business/calls/jobs.ts';
import type { JobDeclaration } from '../platform/job.ts';

/** Every job there is, each declared in its domain. */
export const allJobs: readonly JobDeclaration[] = [finishCallJob];
