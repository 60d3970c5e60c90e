import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { CodePurpose } from './one-time-code-table.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { TooManyRequests } from '../../../platform/process/errors.ts';
import { newId } from '../../../platform/data/ids.ts';
import * as queries from './code-queries.ts';

const lifetimeMs = 10 * 60_000;
const maxWrongTries = 5;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const maxPerHour = 5;
/** After this a code no longer counts towards a limit. */
const storedMs = 24 * hourMs;

export interface CodeRequest {
  /** E.164. */
  readonly phone: string;
  readonly purpose: CodePurpose;
}

/**
 * One-time codes of six digits, sent to a phone. Five attempts per code and five codes an hour allow 25 guesses in a
 * million.
 */
export class OneTimeCodes {
  readonly #key: Buffer;

  constructor({ tokenSecret }: { readonly tokenSecret: string }) {
    this.#key = Buffer.from(hkdfSync('sha256', tokenSecret, '', 'parley one-time code', 32));
  }

  /**
   * Issues a code, which replaces the one before it. Limits per number, for all purposes together and whether it has an
   * account or not: one a minute, five an hour.
   */
  async issue(tenancy: Tenancy, { phone, purpose }: CodeRequest, now: Date): Promise<string> {
    const code = randomInt(0, 1_000_000).toString().padStart(6, '0');
    await tenancy.system(async (tx) => {
      const phoneIndex = tx.cipher.blindIndex(phone);
      // An advisory lock per number makes counting and inserting atomic.
      await sql`select pg_advisory_xact_lock(hashtextextended(${phoneIndex}, 0))`.execute(tx);
      const sent = await queries.listSentSince(tx, phoneIndex, new Date(now.getTime() - hourMs));
      checkLimits(sent, now);
      await queries.removeOldCodes(tx, new Date(now.getTime() - storedMs));
      const id = newId('otc');
      await queries.insertCode(tx, {
        id,
        phoneIndex,
        purpose,
        codeHmac: this.#hmac(id, code),
        createdAt: now,
        expiresAt: new Date(now.getTime() + lifetimeMs),
        usedAt: null,
      });
    });
    return code;
  }

  /**
   * Whether this is the number's newest code for the purpose. A wrong code uses up an attempt, and a right one is used
   * up unless it is only verified. Both need the commit of the transaction, also for a refusal.
   */
  async check(
    tx: SystemTx,
    { phone, purpose, code, spend }: CodeRequest & { readonly code: string; readonly spend: boolean },
    now: Date,
  ): Promise<boolean> {
    const row = await queries.lockNewestCode(tx, tx.cipher.blindIndex(phone), purpose);
    const given = Buffer.from(this.#hmac(row?.id ?? '', code));
    const isRight = timingSafeEqual(given, Buffer.from(row?.codeHmac ?? '0'.repeat(given.length)));
    if (row === undefined || row.usedAt !== null || row.expiresAt <= now) return false;
    if (row.wrongTries >= maxWrongTries) return false;
    if (!isRight) await queries.countWrongTry(tx, row.id);
    else if (spend) await queries.spendCode(tx, row.id, now);
    return isRight;
  }

  #hmac(id: string, code: string): string {
    return createHmac('sha256', this.#key).update(`${id} ${code}`).digest('hex');
  }
}

/** `sent` newest first. */
function checkLimits(sent: readonly { readonly createdAt: Date }[], now: Date): void {
  const [newest] = sent;
  const oldest = sent[maxPerHour - 1];
  const freeAtMs = Math.max(
    newest === undefined ? 0 : newest.createdAt.getTime() + minuteMs,
    oldest === undefined ? 0 : oldest.createdAt.getTime() + hourMs,
  );
  const waitMs = freeAtMs - now.getTime();
  if (waitMs <= 0) return;
  throw new TooManyRequests(
    'A code was sent to this number a short while ago; wait before you ask for another.',
    Math.ceil(waitMs / 1000),
    { code: 'sent-recently' },
  );
}
