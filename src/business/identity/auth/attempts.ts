import { sql } from 'kysely';
import { TooManyRequests } from '../../../platform/process/errors.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';

export interface AttemptLimit {
  /** The kind of attempt, such as `sign-in`. */
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

/** Wrong passwords for one identity before it has to wait; people are rarely wrong about their own ten times. */
export const passwordAttempts: AttemptLimit = { name: 'password', max: 10, windowMs: 15 * 60_000 };
export const resetAttempts: AttemptLimit = { name: 'reset', max: 5, windowMs: 3_600_000 };
export const signUpAttempts: AttemptLimit = { name: 'sign-up', max: 10, windowMs: 3_600_000 };

/**
 * Counts one attempt across nodes, whether the identity exists or not. It is counted before it is made, because
 * parallel requests could exceed a limit that is counted afterwards.
 */
export async function spendAttempt(
  tenancy: Tenancy,
  limit: AttemptLimit,
  identity: string,
  now: Date,
): Promise<void> {
  const windowEndsAt = new Date(now.getTime() + limit.windowMs);
  const row = await tenancy.system(async (tx) => {
    await removeOldCounts(tx, now);
    return tx
      .insertInto('attemptCount')
      .values({ subject: subjectOf(tx, limit, identity), count: 1, windowEndsAt })
      .onConflict((conflict) =>
        conflict.column('subject').doUpdateSet({
          count: sql<number>`case when attempt_count.window_ends_at <= ${now} then 1
            else attempt_count.count + 1 end`,
          windowEndsAt: sql<Date>`case when attempt_count.window_ends_at <= ${now} then excluded.window_ends_at
            else attempt_count.window_ends_at end`,
        }),
      )
      .returning(['count', 'windowEndsAt'])
      .executeTakeFirstOrThrow();
  });
  if (row.count <= limit.max) return;
  const waitSeconds = Math.max(1, Math.ceil((row.windowEndsAt.getTime() - now.getTime()) / 1000));
  throw new TooManyRequests('That was tried too often; wait a while before you try again.', waitSeconds, {
    code: 'too-many-attempts',
  });
}

/** Resets the count after a successful attempt. */
export async function clearAttempts(tenancy: Tenancy, limit: AttemptLimit, identity: string): Promise<void> {
  await tenancy.system((tx) =>
    tx
      .deleteFrom('attemptCount')
      .where('subject', '=', subjectOf(tx, limit, identity))
      .execute(),
  );
}

function subjectOf({ cipher }: SystemTx, limit: AttemptLimit, identity: string): string {
  return `${limit.name} ${cipher.blindIndex(identity)}`;
}

/** Deletes a few expired counts with each attempt, so that the table stays small. */
async function removeOldCounts(tx: SystemTx, now: Date): Promise<void> {
  await sql`delete from attempt_count where subject in (
    select subject from attempt_count where window_ends_at < ${now} limit 5 for update skip locked
  )`.execute(tx);
}
