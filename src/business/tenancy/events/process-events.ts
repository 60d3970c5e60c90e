import { z } from 'zod';
import { declareJob, type JobDeclaration } from '../../../jobs/jobs.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ActorType } from '../actor/actor.ts';
import type { Tenancy, Tx } from './tx.ts';
import { PROCESS_EVENT_JOB } from './dispatch.ts';
import { decodeData, type EventType } from './event-type.ts';
import type { DomainEvent } from './domain-event.ts';
import type { Processor } from './processor.ts';

export interface EventProcessing {
  readonly tenancy: Tenancy;
  /** Every declared event type; events of removed types are skipped. */
  readonly eventTypes: readonly EventType[];
  readonly processors: readonly Processor[];
}

type JobProcessor = Extract<Processor, { runs: 'as-job' }>;

/**
 * Passes one event to the processors that run as jobs. Each has a transaction of its own that also marks the event as
 * handled, so that a failed one is retried without the others.
 */
export function processEventJob(processing: EventProcessing): JobDeclaration {
  const schema = z.object({ tenantId: z.string(), position: z.string() });
  return declareJob({
    name: PROCESS_EVENT_JOB,
    schema,
    async run({ tenantId, position }) {
      const scope = { tenantId: tenantId as TenantId };
      const event = await processing.tenancy.run(scope, (tx) =>
        readEvent(tx, position, processing.eventTypes),
      );
      if (event === undefined) return;
      const failures: unknown[] = [];
      for (const processor of processing.processors) {
        if (processor.runs !== 'as-job' || !processor.handles(event)) continue;
        await handleOnce(processing.tenancy, processor, event).catch((error: unknown) =>
          failures.push(error),
        );
      }
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1) throw new AggregateError(failures, 'several processors of an event failed');
    },
  });
}

export function handleOnce(tenancy: Tenancy, processor: JobProcessor, event: DomainEvent): Promise<void> {
  const { tenantId, position } = event;
  return tenancy.run({ tenantId }, async (tx) => {
    const first = await tx
      .insertInto('eventHandled')
      .values({ tenantId, processor: processor.name, position })
      .onConflict((conflict) => conflict.doNothing())
      .returning('position')
      .executeTakeFirst();
    if (first !== undefined) await processor.handle(tx, event);
  });
}

export const eventColumns = [
  'tenantId',
  'position',
  'stream',
  'type',
  'data',
  'actorType',
  'actorId',
  'impersonatedBy',
  'address',
  'at',
] as const;

async function readEvent(
  tx: Tx,
  position: string,
  eventTypes: readonly EventType[],
): Promise<DomainEvent | undefined> {
  const row = await tx
    .selectFrom('eventRecord')
    .select(eventColumns)
    .where('tenantId', '=', tx.tenantId)
    .where('position', '=', position)
    .executeTakeFirst();
  return row && toEvent(row, eventTypes);
}

interface StoredRow {
  readonly tenantId: TenantId;
  readonly position: string;
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  readonly actorType: string | null;
  readonly actorId: string | null;
  readonly impersonatedBy: string | null;
  readonly address: string | null;
  readonly at: Date;
}

/** Undefined for removed event types. */
export function toEvent(row: StoredRow, eventTypes: readonly EventType[]): DomainEvent | undefined {
  const eventType = eventTypes.find(({ type }) => type === row.type);
  if (eventType === undefined) return undefined;
  const { tenantId, position, stream: subject, impersonatedBy, address, at } = row;
  const actor = { type: row.actorType as ActorType, id: row.actorId ?? '', impersonatedBy, address };
  return { position, tenantId, eventType, subject, actor, at, data: decodeData(eventType, row.data) };
}
