import type { Clock } from '../../platform/clock.ts';
import type { HttpServer } from '../../platform/http.ts';
import { TooManyRequests } from '../../platform/errors.ts';

const windowSeconds = 60;

interface Window {
  readonly startedAtMs: number;
  count: number;
}

/** Requests of each key in the minute going on. Every process counts for itself. */
export class RequestWindows {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one, and says how many that makes and when counting begins anew. */
  count(key: string): { readonly count: number; readonly resetSeconds: number } {
    const nowMs = this.#clock.nowMs();
    let window = this.#windows.get(key);
    if (window === undefined || nowMs - window.startedAtMs >= windowSeconds * 1000) {
      // Set anew, so that the order of the map is the order of age; what is over goes from its front.
      this.#windows.delete(key);
      this.#forgetOld(nowMs);
      window = { startedAtMs: nowMs, count: 0 };
      this.#windows.set(key, window);
    }
    window.count += 1;
    return {
      count: window.count,
      resetSeconds: Math.ceil((window.startedAtMs + windowSeconds * 1000 - nowMs) / 1000),
    };
  }

  get size(): number {
    return this.#windows.size;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { startedAtMs }] of this.#windows) {
      if (nowMs - startedAtMs < windowSeconds * 1000) return;
      this.#windows.delete(key);
    }
  }
}

/** So many requests a minute for each key, with what is left in `RateLimit` and 429 when nothing is. */
export function limitKeys(
  app: HttpServer,
  { clock, requestsPerMinute }: { readonly clock: Clock; readonly requestsPerMinute: number },
): void {
  const windows = new RequestWindows(clock);
  const policy = `"key";q=${requestsPerMinute};w=${windowSeconds}`;
  app.addHook('onRequest', (request, reply, done) => {
    const { actor } = request;
    if (actor?.type !== 'api-key') return done();
    const { count, resetSeconds } = windows.count(actor.apiKeyId);
    const remaining = Math.max(0, requestsPerMinute - count);
    reply.header('ratelimit-policy', policy).header('ratelimit', `"key";r=${remaining};t=${resetSeconds}`);
    if (count <= requestsPerMinute) return done();
    return done(
      new TooManyRequests(`This key may send ${requestsPerMinute} requests a minute.`, resetSeconds),
    );
  });
}
