import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Storage } from '../../../../platform/data/storage.ts';
import { problemSchema } from '../../../../platform/http/problem.ts';
import { instant } from '../../../../platform/http/rest-values.ts';
import { NotFound } from '../../../../platform/process/errors.ts';
import { type AnyEndpoint, endpoint, pathId, rawEndpoint } from '../../../tenancy/access/access.ts';
import { tenantActor } from '../../../tenancy/actor/actor.ts';
import type { Tenancy } from '../../../tenancy/tenancy.ts';
import { parseByteRange } from './byte-range.ts';
import type { LinkedRecording, RecordingLinks } from './recording-link.ts';
import { getRecording } from './stored-recording.ts';

export interface RecordingEndpointsDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Pick<Storage, 'read'>;
  readonly links: RecordingLinks;
  readonly publicUrl: string;
}

const tag = 'Calls';
const id = pathId('call', 'call');
const audio = z.any().describe('audio/wav, stereo: the caller left, the agent right.');
const answers = { 200: audio, 206: audio.describe('The range asked for.'), 416: problemSchema } as const;
const media = [{ file: 'audio/wav' }];
const rangeNote = 'Takes `Range: bytes=…`, so that a player can jump.';

const linkSchema = z.object({ url: z.url(), expiresAt: instant }).meta({
  id: 'RecordingLink',
  examples: [
    {
      url: 'https://parley.example/v1/recordings?token=WyJ0bnRf….cGZ3',
      expiresAt: '2026-11-24T15:15:00.000Z',
    },
  ],
});

const usualSeconds = 900;

const linkBody = z
  .strictObject({ expiresInSeconds: z.int().min(10).max(86_400).default(usualSeconds) })
  .nullish()
  .meta({ examples: [{ expiresInSeconds: usualSeconds }] });

/** Listening to calls: with a credential, or by a link that was made with one. */
export function recordingEndpoints(dependencies: RecordingEndpointsDependencies): readonly AnyEndpoint[] {
  const { links } = dependencies;
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/calls/:id/recording',
      needs: 'calls:read',
      tag,
      summary: 'Listen to a call',
      description: rangeNote,
      params: { id },
      answers,
      media,
      handle({ actor, params, request, reply }) {
        const { tenantId } = tenantActor(actor);
        return sendRecording(dependencies, { tenantId, callId: params.id }, request, reply);
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/calls/:id/recording/link',
      needs: 'calls:read',
      tag,
      summary: 'Make an address of the recording that needs no credential',
      description: 'Whoever has the address can listen until it expires.',
      params: { id },
      body: linkBody,
      answers: { 201: linkSchema },
      async handle({ tx, params, body }) {
        await getRecording(tx, params.id);
        const recording = { tenantId: tx.tenantId, callId: params.id };
        const { token, expiresAt } = links.sign(recording, body?.expiresInSeconds ?? usualSeconds);
        return { url: `${dependencies.publicUrl}/v1/recordings?token=${token}`, expiresAt };
      },
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/recordings',
      needs: 'public',
      tag,
      summary: 'Listen to a call by a link',
      description: rangeNote,
      query: z.object({ token: z.string().max(500) }),
      answers,
      media,
      handle({ query, request, reply }) {
        const recording = links.verify(query.token);
        if (recording === undefined)
          throw new NotFound('This link has expired, or was never made.', {
            code: 'recording-link-not-valid',
          });
        // A link is made to be used on other pages, which the usual header would forbid.
        void reply.header('cross-origin-resource-policy', 'cross-origin');
        return sendRecording(dependencies, recording, request, reply);
      },
    }),
  ];
}

async function sendRecording(
  { tenancy, storage }: Pick<RecordingEndpointsDependencies, 'tenancy' | 'storage'>,
  { tenantId, callId }: LinkedRecording,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { key, sizeBytes } = await tenancy.run({ tenantId }, (tx) => getRecording(tx, callId));
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
