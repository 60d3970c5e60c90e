import { z } from 'zod';
import { enqueue } from '../../../jobs/jobs.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

/** The contents that a job works on. Once there are later ones, the job is out of date and changes nothing. */
export interface SourceVersion {
  readonly sourceId: KnowledgeSourceId;
  readonly contentVersion: number;
}

export const sourceJobData = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  sourceId: z.string().transform((id) => id as KnowledgeSourceId),
  contentVersion: z.int(),
});
export type SourceJob = z.output<typeof sourceJobData>;

/** Enqueues a job on the present contents of a source. */
export function enqueueForSource(
  tx: Tx,
  job: string,
  source: { readonly id: KnowledgeSourceId; readonly contentVersion: number },
): Promise<void> {
  const { tenantId } = tx;
  const { id: sourceId, contentVersion } = source;
  return enqueue(tx, {
    tenantId,
    job,
    data: { tenantId, sourceId, contentVersion },
    jobId: `${job}-${sourceId}-${contentVersion}`,
  });
}
