import { type Insertable, sql } from 'kysely';
import type { CodePurpose, OneTimeCodeTable } from './one-time-code-table.ts';
import type { Db } from '../../../platform/data/db.ts';

export function insertCode(db: Db, code: Insertable<OneTimeCodeTable>) {
  return db.insertInto('oneTimeCode').values(code).execute();
}

export function listSentSince(db: Db, phoneIndex: string, since: Date) {
  return db
    .selectFrom('oneTimeCode')
    .select('createdAt')
    .where('phoneIndex', '=', phoneIndex)
    .where('createdAt', '>', since)
    .orderBy('createdAt', 'desc')
    .execute();
}

/** Held until the transaction ends: tries at the same code come one after the other. */
export function lockNewestCode(db: Db, phoneIndex: string, purpose: CodePurpose) {
  return db
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

export function countWrongTry(db: Db, id: string) {
  return db
    .updateTable('oneTimeCode')
    .set({ wrongTries: sql<number>`wrong_tries + 1` })
    .where('id', '=', id)
    .execute();
}

export function spendCode(db: Db, id: string, now: Date) {
  return db.updateTable('oneTimeCode').set({ usedAt: now }).where('id', '=', id).execute();
}

/** A few with each new one, so that none stays for long. */
export async function dropOldCodes(db: Db, createdBefore: Date) {
  await sql`delete from one_time_code where id in (
    select id from one_time_code where created_at < ${createdBefore} limit 5 for update skip locked
  )`.execute(db);
}
