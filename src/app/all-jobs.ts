import { finishCallJob } from '../business/record/calls/jobs.ts';
import { type KnowledgeJobsDependencies, knowledgeJobs } from '../business/knowledge/jobs.ts';
import type { JobDeclaration } from '../jobs/job.ts';

/** What jobs need besides the database. */
export type JobDependencies = KnowledgeJobsDependencies;

/** Everything that happens later. */
export function allJobs(dependencies: JobDependencies): readonly JobDeclaration[] {
  return [finishCallJob, ...knowledgeJobs(dependencies)];
}
