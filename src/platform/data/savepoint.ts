import { sql } from 'kysely';
import type { Db } from './db.ts';

/**
 * Runs the work in a savepoint; rolls back to it and returns false if the database fails with one of these codes. The
 * transaction stays usable, which it would not after an error without a savepoint.
 */
export async function unlessRefused(
  transaction: Db,
  codes: readonly string[],
  work: () => Promise<unknown>,
): Promise<boolean> {
  await sql`savepoint attempt`.execute(transaction);
  try {
    await work();
    await sql`release savepoint attempt`.execute(transaction);
    return true;
  } catch (error) {
    if (!hasCode(error, codes)) throw error;
    await sql`rollback to savepoint attempt`.execute(transaction);
    await sql`release savepoint attempt`.execute(transaction);
    return false;
  }
}

export const exclusionViolation = '23P01';
export const foreignKeyViolation = '23503';
export const uniqueViolation = '23505';

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
