import { inTenant } from '../../../tenancy/tenants/unit-of-work.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../../../platform/process/clock.ts';
import type { Db } from '../../../../platform/data/db.ts';
import { NotFound } from '../../../../platform/process/errors.ts';
import { problemSchema } from '../../../../platform/http/problem.ts';
import type { Storage } from '../../../../platform/data/storage.ts';
import { tenantOf } from '../../../tenancy/access/actor.ts';
import { creating, reading } from '../../../tenancy/access/responses.ts';
import { parseByteRange } from './byte-range.ts';
import { callIdOf, callParams, tags } from '../call-id.ts';
import { type LinkedRecording, RecordingLinks } from './recording-link.ts';
import { getRecording } from '../call-service.ts';

export interface RecordingRoutesDependencies {
  readonly db: Db;
  readonly storage: Pick<Storage, 'read'>;
  readonly clock: Clock;
  readonly tokenSecret: string;
  readonly publicUrl: string;
}

const read = { access: { permission: 'calls:read' } } as const;
const audio = z.any().describe('audio/wav, stereo: the caller left, the agent right.');
const answers = { 200: audio, 206: audio.describe('The range asked for.'), 416: problemSchema } as const;
const rangeNote = 'Takes `Range: bytes=…`, so that a player can jump.';

const linkSchema = z.object({ url: z.url(), expiresAt: z.iso.datetime({ precision: 3 }) }).meta({
  id: 'RecordingLink',
  example: {
    url: 'https://parley.example/v1/recordings?token=WyJ0bnRf….cGZ3',
    expiresAt: '2026-11-24T15:15:00.000Z',
  },
});

const usualSeconds = 900;

const linkBody = z
  .strictObject({ expiresInSeconds: z.int().min(10).max(86_400).default(usualSeconds) })
  .nullish()
  .meta({ examples: [{ expiresInSeconds: usualSeconds }] });

export const recordingRoutes: FastifyPluginAsyncZod<RecordingRoutesDependencies> = async (
  app,
  dependencies,
) => {
  const { publicUrl } = dependencies;
  const links = new RecordingLinks(dependencies);

  app.get(
    '/v1/calls/:id/recording',
    {
      config: read,
      schema: {
        tags,
        summary: 'Listen to a call',
        description: rangeNote,
        params: callParams,
        response: { ...answers, ...reading },
      },
    },
    (request, reply) => {
      const callId = callIdOf(request.params.id);
      return sendRecording(dependencies, { tenantId: tenantOf(request), callId }, request, reply);
    },
  );

  app.post(
    '/v1/calls/:id/recording/link',
    {
      config: read,
      schema: {
        tags,
        summary: 'Make an address of the recording that needs no credential',
        description: 'Whoever has the address can listen until it expires.',
        params: callParams,
        body: linkBody,
        response: { 201: linkSchema, ...creating },
      },
    },
    async (request, reply) => {
      const recording = { tenantId: tenantOf(request), callId: callIdOf(request.params.id) };
      await inTenant(dependencies.db, recording.tenantId, (tx) => getRecording(tx, recording.callId));
      const { token, expiresAt } = links.sign(recording, request.body?.expiresInSeconds ?? usualSeconds);
      return reply
        .code(201)
        .send({ url: `${publicUrl}/v1/recordings?token=${token}`, expiresAt: expiresAt.toISOString() });
    },
  );

  app.get(
    '/v1/recordings',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Listen to a call by a link',
        description: rangeNote,
        querystring: z.object({ token: z.string().max(500) }),
        response: { ...answers, 400: problemSchema, 404: problemSchema, 503: problemSchema },
      },
    },
    (request, reply) => {
      const recording = links.verify(request.query.token);
      if (recording === undefined)
        throw new NotFound('This link has expired, or was never made.', { code: 'recording-link-not-valid' });
      // A link is made to be used on other pages, which the usual header would forbid.
      void reply.header('cross-origin-resource-policy', 'cross-origin');
      return sendRecording(dependencies, recording, request, reply);
    },
  );
};

async function sendRecording(
  { db, storage }: Pick<RecordingRoutesDependencies, 'db' | 'storage'>,
  { tenantId, callId }: LinkedRecording,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { key, sizeBytes } = await inTenant(db, tenantId, (tx) => getRecording(tx, callId));
  const range = parseByteRange(request.headers.range, sizeBytes);
  if (range.type === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
  }
  const part = range.type === 'part' ? { start: range.start, end: range.end } : undefined;
  const stored = await storage.read(key, part);
  if (stored === undefined)
    throw new NotFound('The recording of this call was deleted.', { code: 'recording-missing' });
  void reply.type('audio/wav').header('accept-ranges', 'bytes').header('cache-control', 'private, no-store');
  if (part === undefined) return reply.header('content-length', stored.sizeBytes).send(stored.stream);
  return reply
    .code(206)
    .header('content-range', `bytes ${part.start}-${part.end}/${stored.sizeBytes}`)
    .header('content-length', part.end - part.start + 1)
    .send(stored.stream);
}
