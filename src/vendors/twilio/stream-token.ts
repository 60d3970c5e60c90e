import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../platform/process/clock.ts';
import type { CallSid } from '../../business/tenancy/ids/ids.ts';

/** The stream's `start` follows the TwiML within a second; the rest is for slow networks [F13]. */
const TOKEN_LIFETIME_MS = 60_000;
/** Limit of remembered spent tokens: 1,600 streams a second for the lifetime of one minute. */
const MAX_SPENT_TOKENS = 100_000;

export type TokenJudgement =
  | { readonly outcome: 'valid'; readonly callSid: CallSid }
  | {
      readonly outcome: 'refused';
      readonly reason: 'malformed' | 'forged' | 'expired' | 'used' | 'overloaded';
    };

/**
 * One-time tokens of media streams, each bound to one call and valid for a minute. Only a client that has received the
 * TwiML can open a stream, and only one.
 */
export class StreamTokens {
  readonly #key: Buffer;
  readonly #clock: Clock;
  /** Token id → when it may be forgotten, in order of redemption. */
  readonly #spent = new Map<string, number>();

  constructor(options: { readonly tokenSecret: string; readonly clock: Clock }) {
    this.#key = createHmac('sha256', options.tokenSecret).update('stream-token').digest();
    this.#clock = options.clock;
  }

  issue(callSid: CallSid): string {
    const expiresAtMs = this.#clock.date().getTime() + TOKEN_LIFETIME_MS;
    const body = `${callSid}.${randomBytes(12).toString('base64url')}.${expiresAtMs.toString(36)}`;
    return `${body}.${this.#signatureOf(body).toString('base64url')}`;
  }

  /** Checks a token and, if it is valid, spends it. */
  redeem(token: string): TokenJudgement {
    const [callSid, id, expiry, signature, ...rest] = token.split('.');
    if (!callSid || !id || !expiry || !signature || rest.length > 0) return refused('malformed');
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#signatureOf(`${callSid}.${id}.${expiry}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refused('forged');

    const nowMs = this.#clock.date().getTime();
    const expiresAtMs = Number.parseInt(expiry, 36);
    if (nowMs >= expiresAtMs) return refused('expired');
    this.#forgetExpired(nowMs);
    if (this.#spent.has(id)) return refused('used');
    if (this.#spent.size >= MAX_SPENT_TOKENS) return refused('overloaded');
    this.#spent.set(id, expiresAtMs);
    return { outcome: 'valid', callSid: callSid as CallSid };
  }

  #signatureOf(body: string): Buffer {
    return createHmac('sha256', this.#key).update(body).digest();
  }

  #forgetExpired(nowMs: number): void {
    for (const [id, expiresAtMs] of this.#spent) {
      if (expiresAtMs > nowMs) return;
      this.#spent.delete(id);
    }
  }
}

function refused(reason: Extract<TokenJudgement, { outcome: 'refused' }>['reason']): TokenJudgement {
  return { outcome: 'refused', reason };
}
