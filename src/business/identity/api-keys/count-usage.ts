import type { HttpServer } from '../../../platform/http/http.ts';
import type { UsageMeter } from './usage-meter.ts';

/** Every answer to a key is counted, refusals included; what is left is written down as the server closes. */
export function countUsage(app: HttpServer, usage: UsageMeter): void {
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
  app.addHook('onClose', () => usage[Symbol.asyncDispose]());
}
