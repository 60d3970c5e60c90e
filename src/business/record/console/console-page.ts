import { readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { findApiKey } from '../../identity/api-keys/api-keys.ts';
import { KEY_COOKIE, keyCookieOptions, keyCookieSeconds } from '../../tenancy/access/access.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';

export interface ConsolePageDependencies {
  readonly tenancy: Tenancy;
  /** The cookie is limited to https where the console is reached by it. */
  readonly publicUrl: string;
}

// Nothing from elsewhere and nothing inline. Without upgrade-insecure-requests, which would break plain http.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const redirected = { 302: z.undefined(), 303: z.undefined(), 503: problemSchema };

/** The page that shows calls, with its files, and how a person gets in. It is no part of the REST API. */
export const consolePage: FastifyPluginAsyncZod<ConsolePageDependencies> = async (
  app,
  { tenancy, publicUrl },
) => {
  const cookieOptions = { ...keyCookieOptions, secure: publicUrl.startsWith('https:') };
  const page = await pageFile('page.html');

  const signIn = async (key: string, reply: FastifyReply, status: 302 | 303): Promise<FastifyReply> => {
    if ((await findApiKey(tenancy, key)) === undefined)
      return reply.redirect('/console?sign-in=failed', status);
    return reply
      .setCookie(KEY_COOKIE, key, { ...cookieOptions, maxAge: keyCookieSeconds })
      .header('cache-control', 'no-store')
      .redirect('/console', status);
  };

  app.get(
    '/console',
    {
      schema: {
        querystring: z.object({ key: z.string().max(200).optional(), 'sign-in': z.string().optional() }),
        response: { 200: z.string(), 400: problemSchema, ...redirected },
      },
    },
    async (request, reply) => {
      const { key } = request.query;
      return key === undefined ? sendFile(reply, 'text/html', page) : signIn(key, reply, 302);
    },
  );

  app.post(
    '/console/session',
    {
      schema: {
        body: z.object({ key: z.string().max(200) }),
        response: { 400: problemSchema, ...redirected },
      },
    },
    async (request, reply) => signIn(request.body.key.trim(), reply, 303),
  );

  app.post('/console/sign-out', { schema: { response: redirected } }, async (_request, reply) =>
    reply.clearCookie(KEY_COOKIE, cookieOptions).redirect('/console', 303),
  );

  for (const [name, type] of [
    ['page.css', 'text/css'],
    ['page.js', 'text/javascript'],
    ['call-view.js', 'text/javascript'],
    ['elements.js', 'text/javascript'],
  ] as const) {
    const text = await pageFile(name);
    app.get(`/console/${name}`, { schema: { response: { 200: z.string() } } }, async (_request, reply) =>
      sendFile(reply, type, text),
    );
  }
};

function pageFile(name: string): Promise<string> {
  return readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
}

/** Never cached: the page changes with the server, and is small. As bytes, so that no serializer quotes it. */
function sendFile(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .header('content-security-policy', contentSecurityPolicy)
    .header('cache-control', 'no-store')
    .send(Buffer.from(text));
}
