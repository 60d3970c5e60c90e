import { finishCallJob } from '../business/calls/jobs.ts';
import type { JobDeclaration } from '../platform/job.ts';

/** Everything that happens later. */
export const allJobs: readonly JobDeclaration[] = [finishCallJob];
