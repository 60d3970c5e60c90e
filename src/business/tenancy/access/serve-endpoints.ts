import type { FastifyReply, FastifyRequest, FastifyTypeProviderDefault } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import { formatEtag, parseIfMatch } from '../../../platform/data/version.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { idInPath } from '../../../platform/http/rest-ids.ts';
import type { Tenancy } from '../tenancy.ts';
import { acceptFiles } from './accept-files.ts';
import { actorOf } from '../actor/actor.ts';
import {
  type AnyEndpoint,
  type Endpoint,
  type NoParameters,
  isStatusAnswer,
  type Media,
  type PathId,
  type PathParameters,
  type RawEndpoint,
  type StatusAnswer,
} from './endpoint.ts';
import { inOneTransaction, keyedRequest, storeRefusal } from './idempotency.ts';
import { changing, creating, reading } from './responses.ts';
import type { Access } from './route-access.ts';

export interface EndpointDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
}

/** Registers endpoints as routes, and runs their handlers. */
export function serveEndpoints(
  app: HttpServer,
  endpoints: readonly AnyEndpoint[],
  dependencies: EndpointDependencies,
): void {
  for (const endpoint of endpoints) {
    const files = endpoint.kind === 'raw' ? endpoint.limits.files : undefined;
    if (files === undefined) serveEndpoint(app, endpoint, dependencies);
    else {
      void app.register(async (scope: HttpServer) => {
        await acceptFiles(scope, files);
        serveEndpoint(scope, endpoint, dependencies);
      });
    }
  }
}

function serveEndpoint(app: HttpServer, endpoint: AnyEndpoint, dependencies: EndpointDependencies): void {
  const { spec } = endpoint;
  // The types of each request are those of its endpoint; the server's are less specific.
  app.withTypeProvider<FastifyTypeProviderDefault>().route({
    method: spec.method,
    url: spec.path,
    ...(endpoint.kind === 'raw' && endpoint.limits.bodyLimitBytes !== undefined
      ? { bodyLimit: endpoint.limits.bodyLimitBytes }
      : {}),
    config: {
      access: accessOf(endpoint),
      idempotent: endpoint.idempotent,
      isIdempotentInTransaction: endpoint.kind === 'in-transaction',
      changesAccess: spec.changesAccess === true,
      ...(endpoint.kind === 'raw' && endpoint.limits.rateLimit !== undefined
        ? { rateLimit: endpoint.limits.rateLimit }
        : {}),
    },
    schema: schemaOf(endpoint),
    handler(request, reply) {
      if (spec.noStore === true) reply.header('cache-control', 'no-store');
      return endpoint.kind === 'raw'
        ? serveRaw(endpoint, request, reply, dependencies)
        : serveInTransaction(endpoint, request, reply, dependencies);
    },
  });
}

async function serveInTransaction(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  { tenancy, clock }: EndpointDependencies,
): Promise<FastifyReply> {
  const actor = actorOf(request);
  const context = { ...contextOf(endpoint, request), actor, now: clock.date() };
  const keyed = endpoint.idempotent ? keyedRequest(request, actor, context.now) : undefined;
  if (keyed === undefined) {
    const result = await tenancy.run(actor, (tx) => endpoint.handle({ ...context, tx }));
    return send(reply, endpoint, result);
  }
  try {
    const stored = await tenancy.run(actor, (tx) =>
      inOneTransaction(tx, keyed, async () => written(endpoint, await endpoint.handle({ ...context, tx }))),
    );
    if (stored.isReplayed) reply.header('idempotency-replayed', 'true');
    if (stored.etag !== undefined) reply.header('etag', stored.etag);
    return reply.code(stored.status).type(stored.contentType).send(stored.body);
  } catch (error) {
    await storeRefusal(tenancy, keyed, error, request.id);
    throw error;
  }
}

async function serveRaw(
  endpoint: RawEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  { clock }: EndpointDependencies,
): Promise<FastifyReply> {
  const context = { ...contextOf(endpoint, request), actor: request.actor, now: clock.date() };
  const result = await endpoint.handle({ ...context, request, reply });
  return result === reply ? reply : send(reply, endpoint, result);
}

function contextOf({ spec }: AnyEndpoint, request: FastifyRequest) {
  return {
    params: parametersOf(spec.params, request.params as Readonly<Record<string, string>>),
    query: spec.query === undefined ? undefined : request.query,
    body: spec.body === undefined ? undefined : request.body,
    ifMatch: parseIfMatch(request.headers['if-match']),
  };
}

function parametersOf(declared: PathParameters | undefined, given: Readonly<Record<string, string>>) {
  const read = Object.entries(declared ?? {}).map(([name, parameter]) => [
    name,
    isPathId(parameter) ? idInPath(parameter.prefix, given[name] ?? '', parameter.what) : given[name],
  ]);
  return Object.fromEntries(read) as NoParameters;
}

function isPathId(parameter: PathParameters[string]): parameter is PathId {
  return 'prefix' in parameter;
}

function statusAnswer({ spec }: AnyEndpoint, result: unknown): StatusAnswer {
  if (isStatusAnswer(result)) return result;
  const success = Object.keys(spec.answers)
    .map(Number)
    .find((status) => status < 300);
  return { status: success!, body: result };
}

function send(reply: FastifyReply, endpoint: AnyEndpoint, result: unknown): FastifyReply {
  const { status, body } = statusAnswer(endpoint, result);
  const etag = etagOf(body, endpoint.spec.answers[status]);
  if (etag !== undefined) reply.header('etag', etag);
  return reply.code(status).send(body ?? null);
}

/** The answer as text, to be stored beside its effect. */
function written(endpoint: Endpoint, result: unknown) {
  const { status, body } = statusAnswer(endpoint, result);
  const schema = endpoint.spec.answers[status]!;
  return {
    status,
    body: JSON.stringify(z.encode(schema, body ?? null)),
    contentType: 'application/json; charset=utf-8',
    etag: etagOf(body, schema),
  };
}

/**
 * A resource with a version has an ETag; lists and other answers have none. A version that is part of the answer's
 * schema is a field of the resource, such as the number of a published version, and no revision.
 */
function etagOf(body: unknown, schema: z.ZodType | undefined): string | undefined {
  if (typeof body !== 'object' || body === null || !('version' in body)) return undefined;
  if (schema instanceof z.ZodObject && 'version' in schema.shape) return undefined;
  return typeof body.version === 'number' ? formatEtag(body.version) : undefined;
}

function accessOf({ needs }: AnyEndpoint): Access {
  if (needs === 'public' || needs === 'staff' || needs === 'signed-in') return needs;
  return typeof needs === 'string' ? { permission: needs } : needs;
}

function schemaOf(endpoint: AnyEndpoint) {
  const { spec, idempotent } = endpoint;
  const refusals = spec.method === 'GET' ? reading : idempotent ? creating : changing;
  return {
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...(spec.params === undefined ? {} : { params: parametersSchema(spec.params) }),
    ...(spec.query === undefined ? {} : { querystring: spec.query }),
    ...(spec.body === undefined ? {} : { body: spec.body }),
    ...formOf(endpoint),
    response: { ...refusals, ...spec.answers, ...mediaOf(endpoint) },
  };
}

/** For the documentation only, because the handler reads the form as it arrives. */
function formOf(endpoint: AnyEndpoint) {
  const files = endpoint.kind === 'raw' ? endpoint.limits.files : undefined;
  return files === undefined ? {} : { consumes: ['multipart/form-data'], body: files.form };
}

function mediaOf({ spec: { media, answers } }: AnyEndpoint) {
  if (media === undefined) return {};
  const described = [200, 206]
    .filter((status) => status in answers)
    .map((status) => {
      const content = Object.fromEntries(media.map((one) => mediaSchema(one, answers[status]!)));
      const description = answers[status]!.description ?? Object.keys(content).join(', ');
      return [status, { description, content }] as const;
    });
  return Object.fromEntries(described);
}

function mediaSchema(media: Media, json: z.ZodType): readonly [type: string, { readonly schema: z.ZodType }] {
  if (media === 'application/json') return [media, { schema: json }];
  if ('file' in media) return [media.file, { schema: z.any() }];
  return [media.text, { schema: z.string().meta({ examples: [media.example] }) }];
}

/** Ids are any text here, so that a malformed one is answered with 404 and not with the validator's 400. */
function parametersSchema(parameters: PathParameters) {
  const shape = Object.entries(parameters).map(([name, parameter]) => [
    name,
    isPathId(parameter) ? z.string().max(100) : parameter,
  ]);
  return z.object(Object.fromEntries(shape) as Record<string, z.ZodType>);
}
