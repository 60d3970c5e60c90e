import type { JobDeclaration } from '../../jobs/jobs.ts';
import { type EmbedDependencies, embedSourceJob } from './indexing/indexing.ts';
import { type FileJobDependencies, fileJobs } from './sources/sources.ts';

export interface KnowledgeJobsDependencies extends EmbedDependencies, FileJobDependencies {}

/** What becomes of knowledge after it was written down: it is read, embedded, and in the end removed. */
export function knowledgeJobs(dependencies: KnowledgeJobsDependencies): readonly JobDeclaration[] {
  return [...fileJobs(dependencies), embedSourceJob(dependencies)];
}
