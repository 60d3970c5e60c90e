import { sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { SystemTx } from './tx.ts';
import type { Processor } from './processor.ts';

/** The last recorded event, or the last that a processor has handled. */
export interface EventPlace {
  readonly position: string;
  readonly at: Date;
}

/** Undefined if there are no events. */
export async function lastEvent(tx: SystemTx): Promise<EventPlace | undefined> {
  return tx
    .selectFrom('eventRecord')
    .select(['position', 'at'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/**
 * The last event that each processor running as a job has handled. One that runs in the transaction of the event is
 * never behind, and has none.
 */
export async function lastHandled(
  tx: SystemTx,
  processors: readonly Processor[],
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<string, EventPlace>> {
  const names = processors.filter(({ runs }) => runs === 'as-job').map(({ name }) => name);
  // One index look-up per tenant, because an aggregate would read all rows.
  const { rows } = await sql<EventPlace & { name: string }>`
    select distinct on (name) name, last.position, last.handled_at as at
    from unnest(${names}::text[]) as name
    cross join unnest(${tenantIds}::text[]) as tenant
    cross join lateral (
      select position, handled_at from event_handled
      where tenant_id = tenant and processor = name order by position desc limit 1
    ) as last
    order by name, last.position desc`.execute(tx);
  return new Map(rows.map(({ name, ...place }) => [name, place]));
}
