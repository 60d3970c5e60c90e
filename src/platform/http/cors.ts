import cors from '@fastify/cors';
import type { HttpServer } from './http.ts';

const preflightCachedSeconds = 600;

/**
 * Pages of the listed origins may call the API with a token of their own. Cookies are not for them: no
 * `allow-credentials`, so a page elsewhere can never act as whoever is signed in to the console.
 */
export async function allowOrigins(app: HttpServer, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const allowed = new Set<string | undefined>(origins);
  await app.register(cors, {
    // False, unlike a list, also keeps preflights of other origins unanswered.
    origin: (origin, decide) => decide(null, allowed.has(origin)),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'range'],
    exposedHeaders: [
      'etag',
      'retry-after',
      'ratelimit',
      'ratelimit-policy',
      'idempotency-replayed',
      'content-range',
      'accept-ranges',
      'location',
    ],
    maxAge: preflightCachedSeconds,
    strictPreflight: false,
  });
  app.addHook('onRequest', (_request, reply, done) => {
    // helmet keeps answers to our own origin; the listed ones may read them too.
    if (reply.hasHeader('access-control-allow-origin')) {
      reply.header('cross-origin-resource-policy', 'cross-origin');
    }
    done();
  });
}
