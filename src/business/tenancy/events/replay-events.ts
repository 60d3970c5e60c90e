import type { TenantId } from '../../../platform/data/ids.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { SystemTx, Tenancy } from './tx.ts';
import type { DomainEvent } from './domain-event.ts';
import type { EventType } from './event-type.ts';
import { eventColumns, type EventProcessing, handleOnce, toEvent } from './process-events.ts';
import type { Processor } from './processor.ts';

export interface Replay {
  /** Only events of one tenant. */
  readonly tenantId?: TenantId | undefined;
  /** Only events after this position; all by default. */
  readonly after?: string;
  /** Called after each batch. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  /** Events up to this position were read. */
  readonly position: string;
  /** How many of them the processor handled. */
  readonly handled: number;
}

/** The processor failed at this event; those before it are handled. */
export class ReplayFailed extends Error {
  readonly position: string;

  constructor({ position, eventType, tenantId }: DomainEvent, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Event ${position} (${eventType.type} of ${tenantId}) failed: ${reason}`, { cause });
    this.position = position;
  }
}

/**
 * Replays recorded events to a processor, oldest first: to one that was added later, or one with dead letters. Each
 * event has a transaction of its own, and none is handled twice. Returns how many it handled.
 */
export async function replayEvents(
  { tenancy, eventTypes }: Omit<EventProcessing, 'processors'>,
  processor: Processor,
  { tenantId, after = '0', onProgress }: Replay,
): Promise<number> {
  let handled = 0;
  let position = after;
  for (;;) {
    const events = await tenancy.system((tx) => readAfter(tx, { position, tenantId }, eventTypes));
    if (events.last === undefined) return handled;
    for (const event of events.known.filter((known) => processor.handles(known))) {
      await handle(tenancy, processor, event).catch((error: unknown) => {
        throw new ReplayFailed(event, error);
      });
      handled += 1;
    }
    position = events.last;
    onProgress?.({ position, handled });
  }
}

async function handle(tenancy: Tenancy, processor: Processor, event: DomainEvent): Promise<void> {
  switch (processor.runs) {
    case 'as-job':
      return handleOnce(tenancy, processor, event);
    case 'in-transaction':
      return processor.within === 'system'
        ? tenancy.system((tx) => processor.handle(tx, event))
        : tenancy.run(event, (tx) => processor.handle(tx, event));
    case 'after-commit':
      throw new Error(`${processor.name} informs live subscribers and cannot be replayed.`);
  }
}

const batch = 200;

async function readAfter(
  tx: SystemTx,
  { position, tenantId }: { readonly position: string; readonly tenantId: TenantId | undefined },
  eventTypes: readonly EventType[],
) {
  const rows = await tx
    .selectFrom('eventRecord')
    .select(eventColumns)
    .where(matching('eventRecord', { tenantId }))
    .where('position', '>', position)
    .where('actorType', 'is not', null)
    .orderBy('position')
    .limit(batch)
    .execute();
  return {
    last: rows.at(-1)?.position,
    known: rows.flatMap((row) => toEvent(row, eventTypes) ?? []),
  };
}
