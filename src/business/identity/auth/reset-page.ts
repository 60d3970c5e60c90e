import { readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

// Allows the page's script and style and requests to this server only, and no framing.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page for links of forgotten passwords. The token stays in the fragment of the URL, in the browser. */
export const resetPage: FastifyPluginAsyncZod = async (app) => {
  for (const [path, file, type] of [
    ['/reset-password', 'reset-password.html', 'text/html'],
    ['/reset-password.js', 'reset-password.js', 'text/javascript'],
  ] as const) {
    const text = await readFile(new URL(`page/${file}`, import.meta.url), 'utf8');
    app.get(path, { schema: { response: { 200: z.string() } } }, async (_request, reply) =>
      sendFile(reply, type, text),
    );
  }
};

/** Sent as bytes, so that no serializer quotes it. */
function sendFile(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .header('content-security-policy', contentSecurityPolicy)
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(Buffer.from(text));
}
