import type { HttpServer } from './http.ts';

const methods = 'GET, POST, PUT, PATCH, DELETE';
const requestHeaders = 'authorization, content-type, idempotency-key, if-match, range';
const answerHeaders =
  'etag, retry-after, ratelimit, ratelimit-policy, idempotency-replayed, content-range, accept-ranges, location';
const preflightKeptSeconds = 600;

/**
 * Pages of the listed origins may call the API with a token of their own. Cookies are not for them: no
 * `allow-credentials`, so a page elsewhere can never act as whoever is signed in to the console.
 */
export function allowOrigins(app: HttpServer, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('vary', 'origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) return done();
    reply.header('access-control-allow-origin', origin);
    // The page reads it from another origin, which is what the list is for.
    reply.header('cross-origin-resource-policy', 'cross-origin');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', answerHeaders);
      return done();
    }
    // The answer ends the request here, whatever the address: a preflight carries no credential to judge.
    void reply
      .code(204)
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', requestHeaders)
      .header('access-control-max-age', preflightKeptSeconds)
      .send();
  });
}
