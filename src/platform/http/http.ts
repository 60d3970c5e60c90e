import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseForm } from 'node:querystring';
import helmet from '@fastify/helmet';
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Health } from './health.ts';
import { newId } from '../data/ids.ts';
import type { Metrics } from '../process/metrics.ts';
import { formatProblem, type ProblemCause, problemFor } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The raw body of a posted form, for checking its signature. */
    rawBody?: string;
  }
}

export interface HttpDependencies {
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Proxies whose `X-Forwarded-For` is trusted; none by default. */
  readonly trustedProxies?: readonly string[];
}

/** Timeouts for slow clients; shortened in tests. */
export interface HttpTimeouts {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  /** How often Node checks the timeouts; its default of 30 s would double both. */
  readonly checkEveryMs: number;
}

const defaultTimeouts: HttpTimeouts = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  checkEveryMs: 1_000,
};

// Webhooks and REST bodies are a few kilobytes; an unknown client has no reason to send more.
const bodyLimitBytes = 256 * 1024;

/** The server on which routes are registered, with requests and responses typed by their zod schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  Logger,
  ZodTypeProvider
>;

/** The server with what every route shares; routes are registered on it afterwards. */
export async function buildHttp(
  dependencies: HttpDependencies,
  timeouts: HttpTimeouts = defaultTimeouts,
): Promise<HttpServer> {
  const { logger, metrics, trustedProxies = [] } = dependencies;
  const app = fastify({
    loggerInstance: logger,
    // One line per completed request replaces Fastify's two.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId('req'),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: bodyLimitBytes,
    requestTimeout: timeouts.requestTimeoutMs,
    http: {
      headersTimeout: timeouts.headersTimeoutMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
    },
    // Closing waits for requests in flight and closes idle keep-alive connections.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    answer(
      reply,
      { status: 404, code: 'not-found', detail: 'There is nothing at this address.' },
      request.id,
    ),
  );
  await app.register(helmet);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, body, done) => {
      request.rawBody = body.toString();
      done(null, parseForm(request.rawBody));
    },
  );
  observeRequests(app, metrics);
  addOperationalRoutes(app, dependencies);
  return app;
}

function observeRequests(app: HttpServer, metrics: Metrics): void {
  const durations = metrics.histogram('parley_http_request_seconds', 'Duration of HTTP requests.', {
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    labelNames: ['method', 'route', 'status'],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The route pattern is logged and not the URL, which has ids and tokens and unlimited cardinality.
    const route = request.routeOptions.url ?? 'none';
    const { statusCode: status, elapsedTime: durationMs } = reply;
    durations.observe(
      { method: request.method, route, status: `${Math.floor(status / 100)}xx` },
      durationMs / 1000,
    );
    request.log.info(
      { method: request.method, route, status, durationMs: Math.round(durationMs) },
      'request completed',
    );
    done();
  });
}

function addOperationalRoutes(app: HttpServer, { health, metrics }: HttpDependencies): void {
  app.get('/healthz', { logLevel: 'warn' }, () => ({ status: 'alive' }));
  app.get('/readyz', { logLevel: 'warn' }, (_request, reply) => {
    const reason = health.notReadyReason();
    return reply
      .code(reason === undefined ? 200 : 503)
      .send({ status: reason ?? 'ready', roles: health.roles });
  });
  app.get('/metrics', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const cause = hasZodFastifySchemaValidationErrors(error)
    ? invalidRequest(error, error.validationContext)
    : problemFor(error);
  if (cause.status >= 500)
    request.log[cause.status === 500 ? 'error' : 'warn']({ err: error }, 'request failed');
  return answer(reply, cause, request.id);
}

function invalidRequest(
  error: { readonly validation: readonly { readonly instancePath: string; readonly message?: string }[] },
  context: string | undefined,
): ProblemCause {
  // A pointer into the body has no prefix; any other starts with its location.
  const prefix = context === undefined || context === 'body' ? '' : `/${context}`;
  return {
    status: 400,
    code: 'invalid-input',
    detail: 'The request does not match what this address takes.',
    errors: error.validation.map(({ instancePath, message = 'is not valid' }) => ({
      pointer: `${prefix}${instancePath === '/' ? '' : instancePath}`,
      detail: message,
    })),
  };
}

function answer(reply: FastifyReply, cause: ProblemCause, requestId: string): FastifyReply {
  if (cause.retryAfterSeconds !== undefined) reply.header('retry-after', cause.retryAfterSeconds);
  return (
    reply
      .code(cause.status)
      .type('application/problem+json')
      // Sent as text, because the route's response schema is for its successes.
      .send(JSON.stringify(formatProblem(cause, requestId)))
  );
}
