import type { JobDeclaration } from '../../jobs/jobs.ts';
import { type EmbedDependencies, embedSourceJob } from './indexing/indexing.ts';
import { type FileJobDependencies, fileJobs } from './sources/sources.ts';

export interface KnowledgeJobsDependencies extends EmbedDependencies, FileJobDependencies {}

/** The jobs of the room: read a file, embed a source, remove a file from storage. */
export function knowledgeJobs(dependencies: KnowledgeJobsDependencies): readonly JobDeclaration[] {
  return [...fileJobs(dependencies), embedSourceJob(dependencies)];
}
