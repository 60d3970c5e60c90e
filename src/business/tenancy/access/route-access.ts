import type { FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { Forbidden, Unauthorized } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { type Actor, isInTenant, memberOrRefused, type Permission } from '../actor/actor.ts';
import type { Credentials } from './credentials.ts';
import { KEY_COOKIE } from './key-cookie.ts';

/**
 * Who may use a route. `signed-in`: any actor with a tenant, without a permission, for their own data. `staff`: the
 * platform's staff only.
 */
export type Access = 'public' | 'signed-in' | 'staff' | PermissionAccess;

export interface PermissionAccess {
  readonly permission: Permission;
  /** Refuses API keys whatever their scopes, for data of a single member, such as read marks. */
  readonly onlyMembers?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** True if it changes who has access (members, keys, sessions, tenants), so that cached credentials are dropped. */
    changesAccess?: boolean;
    /** A POST that creates, dials or pays, and takes an `Idempotency-Key`. */
    idempotent?: boolean;
    /** The key is taken in the transaction of the effect, by the loop that serves endpoints. */
    isIdempotentInTransaction?: boolean;
  }
  interface FastifyInstance {
    /** Every route under /v1, for tests and documentation. */
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

/** Must be called before any route under /v1 is registered. The server does not start if a route has no `access`. */
export function guardRoutes(app: HttpServer, credentials: Credentials): void {
  const routes: RestRoute[] = [];
  app.decorate('restRoutes', routes);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/v1/')) routes.push(...restRoutesOf(route));
  });
  // Runs before the body is read, so that unauthenticated bodies are not parsed.
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    request.actor = await authenticated(credentials, request, reply);
  });
  // Runs after all onRequest hooks, so that refused requests count towards a key's rate limit and usage.
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

/** An authorization header takes precedence: if it is invalid, the cookie is not tried. */
function presentedCredential({ headers, cookies }: FastifyRequest): string | undefined {
  if (headers.authorization !== undefined) return /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
  return cookies[KEY_COOKIE];
}
