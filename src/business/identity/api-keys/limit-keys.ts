import type { HttpServer } from '../../../platform/http/http.ts';
import type { RateLimits } from '../../../platform/http/rate-limits.ts';

/** Limits the requests of each key per minute, with the rest in `RateLimit`, and 429 above the limit. */
export function limitKeys(app: HttpServer, limits: RateLimits, requestsPerMinute: number): void {
  const limit = { name: 'key', max: requestsPerMinute, windowSeconds: 60 };
  const refusal = `This key may send ${requestsPerMinute} requests a minute.`;
  app.addHook('onRequest', async (request, reply) => {
    const { actor } = request;
    if (actor?.type === 'api-key') await limits.spend(reply, limit, actor.apiKeyId, refusal);
  });
}
