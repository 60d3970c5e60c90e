import type { HttpServer } from '../../../platform/http/http.ts';
import type { UsageMeter } from './usage-meter.ts';

/** Counts every response to a key, errors included. */
export function countUsage(app: HttpServer, usage: Pick<UsageMeter, 'count'>): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { actor } = request;
    if (actor?.type === 'api-key') {
      usage.count({
        tenantId: actor.tenantId,
        apiKeyId: actor.apiKeyId,
        endpoint: `${request.method} ${request.routeOptions.url ?? ''}`,
        status: reply.statusCode,
        durationMs: reply.elapsedTime,
      });
    }
    done();
  });
}
