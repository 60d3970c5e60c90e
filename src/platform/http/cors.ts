import cors from '@fastify/cors';
import type { HttpServer } from './http.ts';

const preflightCachedSeconds = 600;

/**
 * Pages of the listed origins may call the API with a token. Cookies are not allowed (no `allow-credentials`), so that
 * another page can never act as the user who is signed in to the console.
 */
export async function allowOrigins(app: HttpServer, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const allowed = new Set<string | undefined>(origins);
  await app.register(cors, {
    // Unlike a list, `false` also leaves preflights of other origins unanswered.
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
    // helmet restricts responses to the same origin; the listed ones may read them too.
    if (reply.hasHeader('access-control-allow-origin')) {
      reply.header('cross-origin-resource-policy', 'cross-origin');
    }
    done();
  });
}
