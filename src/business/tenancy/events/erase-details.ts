import { sql } from 'kysely';
import type { Tx } from './tx.ts';

/** Takes what is personal out of the events of these streams, and leaves that they happened; returns how many had any. */
export async function eraseEventDetails(tx: Tx, streams: readonly string[]): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    select forget_event_details(${streams}) as changed`.execute(tx);
  return rows[0]!.changed;
}

/** Takes the whole streams of a deleted thing out of the record. */
export async function removeStreams(tx: Tx, streams: readonly string[]): Promise<void> {
  await sql`select forget_events(${streams})`.execute(tx);
}
