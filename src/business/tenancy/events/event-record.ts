import { sql } from 'kysely';
import { z } from 'zod';
import type { SystemTx, Tx } from './tx.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

/** An event to be recorded. */
export interface NewEvent {
  readonly type: string;
  readonly data: unknown;
  readonly at: Date;
}

export interface StoredEvent extends NewEvent {
  /** Counts from 1 within the stream, without gaps. */
  readonly sequence: number;
}

/**
 * Appends to a stream whose last event the caller knows; `expectedSequence` is that event's, or 0 for a new stream.
 * Throws `Conflict` if somebody else has appended; the transaction must then be rolled back. Projections are written by
 * the caller in the same transaction.
 */
export async function appendEvents(
  tx: Tx | SystemTx,
  tenantId: TenantId,
  stream: string,
  expectedSequence: number,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const inserted = await sql`
    insert into event_record (tenant_id, stream, sequence, type, data, at)
    select ${tenantId}, ${stream}, ${expectedSequence}::int + entry.position, entry.event ->> 'type',
           entry.event -> 'data', (entry.event ->> 'at')::timestamptz
    from jsonb_array_elements(${JSON.stringify(events.map(withData))}::jsonb)
         with ordinality as entry(event, position)
    where ${expectedSequence}::int = (
      select coalesce(max(sequence), 0) from event_record where tenant_id = ${tenantId} and stream = ${stream}
    )`
    .execute(tx)
    .catch((error: unknown) => {
      // Of two concurrent appends, both of which saw the expected sequence, the primary key allows one.
      if (isUniqueViolation(error)) throw conflict(stream, expectedSequence, error);
      throw error;
    });
  if (inserted.numAffectedRows !== BigInt(events.length)) throw conflict(stream, expectedSequence);
}

/** An event of a stream with its actor; null for events observed on a call. */
export interface StreamEvent extends StoredEvent {
  readonly actorId: string | null;
}

const bySequence = keyset({ column: 'event_record.sequence', codec: z.int() });

/** A page of a stream, in order. */
export function listStream(tx: Tx, stream: string, request: PageRequest): Promise<Page<StreamEvent>> {
  const query = tx
    .selectFrom('eventRecord')
    .select(['sequence', 'type', 'data', 'at', 'actorId'])
    .where(matching('eventRecord', { tenantId: tx.tenantId, stream }));
  return bySequence.page(query, request);
}

/** The events of a stream after `afterSequence`, in order. */
export async function readEvents(tx: Tx, stream: string, afterSequence = 0): Promise<readonly StoredEvent[]> {
  return tx
    .selectFrom('eventRecord')
    .select(['sequence', 'type', 'data', 'at'])
    .where('tenantId', '=', tx.tenantId)
    .where('stream', '=', stream)
    .where('sequence', '>', afterSequence)
    .orderBy('sequence')
    .execute();
}

/** JSON omits undefined, but the column is not nullable. */
function withData(event: NewEvent): NewEvent {
  return { ...event, data: event.data ?? null };
}

function conflict(stream: string, expectedSequence: number, cause?: unknown): Conflict {
  return new Conflict(`${stream} has moved on from event ${expectedSequence}.`, { cause });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
