import { sql } from 'kysely';
import type { Tx } from './tx.ts';

/** Erases personal data in the events of these streams and keeps the events; returns how many had any. */
export async function eraseEventDetails(tx: Tx, streams: readonly string[]): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    select forget_event_details(${streams}) as changed`.execute(tx);
  return rows[0]!.changed;
}

/** Deletes all events of these streams. */
export async function removeStreams(tx: Tx, streams: readonly string[]): Promise<void> {
  await sql`select forget_events(${streams})`.execute(tx);
}
