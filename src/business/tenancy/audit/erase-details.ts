import { sql } from 'kysely';
import type { Tx } from '../tenancy.ts';

/** Erases `before` and `after` in the entries about these resources; returns how many had any. */
export async function eraseAuditDetails(tx: Tx, resourceIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ changed: number }>`
    select forget_audit_details(${resourceIds}) as changed`.execute(tx);
  return rows[0]!.changed;
}
