import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../platform/db.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { type CallId, parseId, type TenantId } from '../../platform/ids.ts';
import { problemSchema } from '../../platform/problem.ts';
import type { Storage } from '../../platform/storage.ts';
import { tenantOf } from '../access/actor.ts';
import { parseByteRange } from './byte-range.ts';
import type { LiveCalls } from './live-calls.ts';
import { callDetailSchema, callListSchema, listQuerySchema, presentDetail, presentPage } from './schema.ts';
import { getCall, listCalls } from './service.ts';

export interface CallRoutesDependencies {
  readonly db: Db;
  readonly storage: Pick<Storage, 'read'>;
  readonly liveCalls: LiveCalls;
}

const params = z.object({ id: z.string().max(100) });
const refused = { 401: problemSchema, 403: problemSchema, 404: problemSchema, 503: problemSchema };

/** The record of calls, read by programs and by the console. */
export const callRoutes: FastifyPluginAsyncZod<CallRoutesDependencies> = async (app, dependencies) => {
  const { db, storage, liveCalls } = dependencies;

  app.get(
    '/v1/calls',
    {
      config: { access: { permission: 'calls:read' } },
      schema: {
        querystring: listQuerySchema,
        response: {
          200: callListSchema,
          400: problemSchema,
          401: problemSchema,
          403: problemSchema,
          503: problemSchema,
        },
      },
    },
    async (request) => presentPage(await listCalls(db, tenantOf(request), request.query)),
  );

  app.get(
    '/v1/calls/:id',
    {
      config: { access: { permission: 'calls:read' } },
      schema: { params, response: { 200: callDetailSchema, ...refused } },
    },
    async (request) => presentDetail(await getCall(db, tenantOf(request), callIdOf(request.params.id))),
  );

  app.get(
    '/v1/calls/:id/recording',
    {
      config: { access: { permission: 'calls:read' } },
      schema: {
        params,
        // The body is audio, which no schema describes.
        response: { 200: z.any(), 206: z.any(), 416: problemSchema, ...refused },
      },
    },
    (request, reply) =>
      sendRecording({ db, storage }, tenantOf(request), callIdOf(request.params.id), request, reply),
  );

  app.post(
    '/v1/calls/:id/end',
    {
      config: { access: { permission: 'calls:write' } },
      schema: {
        params,
        response: { 202: z.object({ status: z.literal('ending') }), 409: problemSchema, ...refused },
      },
    },
    async (request, reply) => {
      await endCall({ db, liveCalls }, tenantOf(request), callIdOf(request.params.id));
      return reply.code(202).send({ status: 'ending' });
    },
  );
};

/** What cannot be the id of a call is as unknown as one that is not there. */
function callIdOf(text: string): CallId {
  const callId = parseId('call', text);
  if (callId === undefined) throw new NotFound('There is no such call.');
  return callId;
}

async function endCall(
  { db, liveCalls }: Pick<CallRoutesDependencies, 'db' | 'liveCalls'>,
  tenantId: TenantId,
  callId: CallId,
): Promise<void> {
  if (liveCalls.end(tenantId, callId)) return;
  const { status } = await getCall(db, tenantId, callId);
  throw new Conflict(
    status === 'completed'
      ? 'This call is over already.'
      : 'This call is not going on here; it may be at another server, or have ended this moment.',
  );
}

async function sendRecording(
  { db, storage }: Pick<CallRoutesDependencies, 'db' | 'storage'>,
  tenantId: TenantId,
  callId: CallId,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { recordingKey, recordingSizeBytes } = await getCall(db, tenantId, callId);
  if (recordingKey === null || recordingSizeBytes === null) throw new NotFound('This call has no recording.');
  const range = parseByteRange(request.headers.range, recordingSizeBytes);
  if (range.type === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${recordingSizeBytes}`).send();
  }
  const part = range.type === 'part' ? { start: range.start, end: range.end } : undefined;
  const stored = await storage.read(recordingKey, part);
  if (stored === undefined) throw new NotFound('The recording of this call is gone.');
  void reply.type('audio/wav').header('accept-ranges', 'bytes').header('cache-control', 'private, no-store');
  if (part === undefined) return reply.header('content-length', stored.sizeBytes).send(stored.stream);
  return reply
    .code(206)
    .header('content-range', `bytes ${part.start}-${part.end}/${stored.sizeBytes}`)
    .header('content-length', part.end - part.start + 1)
    .send(stored.stream);
}
