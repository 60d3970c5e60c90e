import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../platform/db.ts';
import type { TenantId } from '../../platform/ids.ts';
import { formatProblem } from '../../platform/problem.ts';
import { findApiKey } from './api-keys.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request this is; set by `authenticate`, from the credential and nothing else. */
    tenantId?: TenantId;
  }
}

const cookieName = 'parley_key';

/** Lets in who presents a live API key, as `Authorization: Bearer` or in the console's cookie. */
export function authenticate(db: Db) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const presented = presentedKey(request);
    const key = presented === undefined ? undefined : await findApiKey(db, presented);
    if (key === undefined) {
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .type('application/problem+json')
        .send(JSON.stringify(formatProblem(unauthorized, request.id)));
    }
    request.tenantId = key.tenantId;
    return undefined;
  };
}

const unauthorized = {
  status: 401,
  code: 'unauthorized',
  detail: 'Send an API key as “Authorization: Bearer parley_…”, or sign in at /console.',
};

export function tenantOf(request: FastifyRequest): TenantId {
  if (request.tenantId === undefined) throw new Error('This route was registered without authentication.');
  return request.tenantId;
}

/** HttpOnly and SameSite=Strict: no script reads it, no other site sends it. `null` takes it away. */
export function keyCookie(key: string | null, options: { readonly isSecure: boolean }): string {
  const kept = key === null ? `${cookieName}=; Max-Age=0` : `${cookieName}=${key}; Max-Age=2592000`;
  return `${kept}; Path=/; HttpOnly; SameSite=Strict${options.isSecure ? '; Secure' : ''}`;
}

/** A header that is there decides alone: a wrong one is not forgiven for a cookie. */
function presentedKey({ headers }: FastifyRequest): string | undefined {
  if (headers.authorization !== undefined) return /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
  return headers.cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
}
