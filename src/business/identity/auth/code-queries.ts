import { type Insertable, sql } from 'kysely';
import type { CodePurpose, OneTimeCodeTable } from './one-time-code-table.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';

export function insertCode(tx: SystemTx, code: Insertable<OneTimeCodeTable>) {
  return tx.insertInto('oneTimeCode').values(code).execute();
}

export function listSentSince(tx: SystemTx, phoneIndex: string, since: Date) {
  return tx
    .selectFrom('oneTimeCode')
    .select('createdAt')
    .where('phoneIndex', '=', phoneIndex)
    .where('createdAt', '>', since)
    .orderBy('createdAt', 'desc')
    .execute();
}

/** Locks the code until the transaction ends, so that attempts at it are sequential. */
export function lockNewestCode(tx: SystemTx, phoneIndex: string, purpose: CodePurpose) {
  return tx
    .selectFrom('oneTimeCode')
    .select(['id', 'codeHmac', 'wrongTries', 'expiresAt', 'usedAt'])
    .where('phoneIndex', '=', phoneIndex)
    .where('purpose', '=', purpose)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

export function countWrongTry(tx: SystemTx, id: string) {
  return tx
    .updateTable('oneTimeCode')
    .set({ wrongTries: sql<number>`wrong_tries + 1` })
    .where('id', '=', id)
    .execute();
}

export function spendCode(tx: SystemTx, id: string, now: Date) {
  return tx.updateTable('oneTimeCode').set({ usedAt: now }).where('id', '=', id).execute();
}

/** Deletes a few old codes with each new one. */
export async function removeOldCodes(tx: SystemTx, createdBefore: Date) {
  await sql`delete from one_time_code where id in (
    select id from one_time_code where created_at < ${createdBefore} limit 5 for update skip locked
  )`.execute(tx);
}
