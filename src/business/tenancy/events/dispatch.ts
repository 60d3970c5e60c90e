import { enqueue } from '../../../jobs/jobs.ts';
import type { SystemTx, Tx } from './tx.ts';
import type { DomainEvent } from './domain-event.ts';
import type { Processor } from './processor.ts';

export const PROCESS_EVENT_JOB = 'process-event';

/** Passes an event to each processor that handles it: now, after the commit, or by a job. */
export async function dispatch(
  processors: readonly Processor[],
  tx: Tx | SystemTx,
  event: DomainEvent,
): Promise<void> {
  const concerned = processors.filter((processor) => processor.handles(event));
  for (const processor of concerned) {
    if (processor.runs === 'in-transaction') await processor.handle(tx, event);
    if (processor.runs === 'after-commit') tx.afterCommit(() => processor.handle(event));
  }
  if (!concerned.some(({ runs }) => runs === 'as-job')) return;
  const { tenantId, position } = event;
  await enqueue(tx, {
    tenantId,
    job: PROCESS_EVENT_JOB,
    data: { tenantId, position },
    jobId: `event-${position}`,
  });
}
