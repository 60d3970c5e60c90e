import type { FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { Forbidden, Unauthorized } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { type Actor, isInTenant, memberOrRefused, type Permission } from '../actor/actor.ts';
import type { Credentials } from './credentials.ts';
import { KEY_COOKIE } from './key-cookie.ts';

/**
 * Who may use a route. `signed-in`: anybody with a tenant, who has no need of a permission for what is his own.
 * `staff`: the platform's own people, and nobody else.
 */
export type Access = 'public' | 'signed-in' | 'staff' | PermissionAccess;

export interface PermissionAccess {
  readonly permission: Permission;
  /** For what each member has for himself, such as read marks: no API key, whatever its scopes. */
  readonly onlyMembers?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** What this route changes may let somebody in or out: members, keys, sessions, tenants. */
    changesAccess?: boolean;
    /** A POST that creates, dials or pays, and takes an `Idempotency-Key`. */
    idempotent?: boolean;
    /** The key is taken in the transaction of the effect, by the loop that serves endpoints. */
    isIdempotentInTransaction?: boolean;
  }
  interface FastifyInstance {
    /** Every route under /v1, for the tests that are made of them and for the page that lists them. */
    readonly restRoutes: readonly RestRoute[];
  }
}

export interface RestRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  readonly idempotent: boolean;
  readonly schema: FastifySchema | undefined;
}

const signInHint = 'Send “Authorization: Bearer …” with an API key or the access token of a session.';

/** Called before any route under /v1 is registered: each has to say who may use it, or the server does not start. */
export function guardRoutes(app: HttpServer, credentials: Credentials): void {
  const routes: RestRoute[] = [];
  app.decorate('restRoutes', routes);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/')) routes.push(...restRoutesOf(route));
  });
  // Before the body is read: a stranger's is not worth parsing.
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    request.actor = await authenticated(credentials, request, reply);
  });
  // After every onRequest hook: requests that are refused here count against a key's limit, and in its usage.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { access } = request.routeOptions.config;
    if (request.actor !== undefined && access !== undefined && access !== 'public') {
      authorise(request.actor, access);
    }
    done(null, payload);
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.routeOptions.config.changesAccess === true && reply.statusCode < 400) credentials.forget();
    done();
  });
}

function restRoutesOf(route: RouteOptions): readonly RestRoute[] {
  const methods = [route.method].flat().filter((method) => method !== 'HEAD');
  const access = route.config?.access;
  const name = `${methods.join('/')} ${route.url}`;
  if (access === undefined) throw new Error(`${name} does not say who may use it: config.access is missing.`);
  const idempotent = route.config?.idempotent === true;
  if (idempotent && (access === 'public' || access === 'staff')) {
    throw new Error(`${name} is idempotent and has no tenant to keep its keys for.`);
  }
  return methods.map((method) => ({ method, url: route.url, access, idempotent, schema: route.schema }));
}

async function authenticated(
  credentials: Credentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Actor> {
  const presented = presentedCredential(request);
  const actor = presented === undefined ? undefined : await credentials.find(presented, request.ip);
  if (actor !== undefined) return actor;
  reply.header('www-authenticate', 'Bearer');
  throw new Unauthorized(
    presented === undefined ? signInHint : `This credential is not valid, or not any more. ${signInHint}`,
  );
}

function authorise(actor: Actor, access: Exclude<Access, 'public'>): void {
  if (access === 'staff') {
    if (actor.type !== 'staff')
      throw new Forbidden('This is for the platform’s staff.', { code: 'staff-only' });
    return;
  }
  if (!isInTenant(actor))
    throw new Forbidden('This needs a tenant to act in; staff impersonate one first.', {
      code: 'tenant-needed',
    });
  if (access === 'signed-in') return;
  if (access.onlyMembers === true) memberOrRefused(actor);
  if (actor.permissions.has(access.permission)) return;
  throw new Forbidden(`This needs the permission ${access.permission}.`, {
    code: 'permission-missing',
    data: { missing: [access.permission] },
  });
}

/** A header that is there decides alone: a wrong one is not forgiven for a cookie. */
function presentedCredential({ headers, cookies }: FastifyRequest): string | undefined {
  if (headers.authorization !== undefined) return /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
  return cookies[KEY_COOKIE];
}
