import { TooManyRequests } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import type { RequestCounter } from '../../../platform/http/request-counter.ts';

/** What the limit of a key is counted over. */
export const KEY_WINDOW_MS = 60_000;

export interface KeyLimit {
  readonly counter: RequestCounter;
  readonly requestsPerMinute: number;
}

/** So many requests a minute for each key, with what is left in `RateLimit`, and 429 when nothing is. */
export function limitKeys(app: HttpServer, { counter, requestsPerMinute }: KeyLimit): void {
  const policy = `"key";q=${requestsPerMinute};w=${KEY_WINDOW_MS / 1000}`;
  app.addHook('onRequest', async (request, reply) => {
    const { actor } = request;
    if (actor?.type !== 'api-key') return;
    const { count, resetMs } = await counter.count(actor.apiKeyId);
    const resetSeconds = Math.ceil(resetMs / 1000);
    const remaining = Math.max(0, requestsPerMinute - count);
    reply.header('ratelimit-policy', policy).header('ratelimit', `"key";r=${remaining};t=${resetSeconds}`);
    if (count > requestsPerMinute) {
      throw new TooManyRequests(`This key may send ${requestsPerMinute} requests a minute.`, resetSeconds);
    }
  });
}
