import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../../../platform/process/clock.ts';
import type { Db } from '../../../../platform/data/db.ts';
import { Conflict } from '../../../../platform/process/errors.ts';
import type { CallId } from '../../../tenancy/references/ids.ts';
import { problemSchema } from '../../../../platform/http/problem.ts';
import { actorOf, type TenantActor, tenantOf } from '../../../tenancy/access/actor.ts';
import { changing, reading } from '../../../tenancy/access/responses.ts';
import { recordChange } from '../../../tenancy/audit/record-change.ts';
import { inTenant } from '../../../tenancy/tenants/unit-of-work.ts';
import { callIdOf, callParams, tags } from '../call-id.ts';
import type { LiveCalls, LiveRecordFeed } from './live-calls.ts';
import { LiveStreams } from './live-streams.ts';
import { getCall, listCalls } from '../call-service.ts';

export interface LiveRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly liveCalls: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
}

const liveCallSchema = z
  .object({
    id: z.string(),
    from: z.string().nullable().describe('E.164, or what the carrier says of a withheld number.'),
    startedAt: z.iso.datetime({ precision: 3 }),
    isHere: z
      .boolean()
      .describe('True at the server that answers this; one at another server cannot be ended here.'),
  })
  .meta({
    id: 'LiveCall',
    example: {
      id: 'call_01k9zt5w3pe0wsh7v6n0gq5m8x',
      from: '+14155550123',
      startedAt: '2026-11-24T15:00:00.000Z',
      isHere: true,
    },
  });

const streamDescription = `\`text/event-stream\`. Each event is named after what happened (\`caller-turn\`, \`reply-ended\`,
\`tool-called\` …), and its data is \`{ callId, sequence, at, type, data }\`. A listener who does not read is dropped: the
last event, \`end\`, tells the reason. What was missed is in \`/v1/calls/{id}/events\`.`;

/** The calls going on now. */
export const liveRoutes: FastifyPluginAsyncZod<LiveRoutesDependencies> = async (app, dependencies) => {
  const { db, clock, liveCalls, liveRecords } = dependencies;
  const streams = new LiveStreams(liveRecords, clock);
  // Closing waits for requests in flight, and these have no end of their own.
  app.addHook('preClose', async () => streams.close());

  app.get(
    '/v1/calls/live',
    {
      config: { access: { permission: 'calls:read' } },
      schema: {
        tags,
        summary: 'List the calls going on now',
        response: { 200: z.object({ data: z.array(liveCallSchema) }), ...reading },
      },
    },
    async (request) => ({ data: await listLive(db, liveCalls, actorOf(request)) }),
  );

  app.get(
    '/v1/calls/live/stream',
    {
      config: { access: { permission: 'calls:read' } },
      schema: {
        tags,
        summary: 'Watch the calls of this server as they go on',
        description: streamDescription,
        response: { 200: z.any().describe('text/event-stream'), ...reading },
      },
    },
    async (request, reply) => streams.open(tenantOf(request)).answer(reply),
  );

  app.post(
    '/v1/calls/:id/end',
    {
      config: { access: { permission: 'calls:write' } },
      schema: {
        tags,
        summary: 'End a live call',
        description: 'The call is over a moment later; its record says `ended-by-request`.',
        params: callParams,
        response: {
          202: z.object({ status: z.literal('ending') }).meta({ example: { status: 'ending' } }),
          ...changing,
          409: problemSchema,
        },
      },
    },
    async (request, reply) => {
      await endCall({ db, liveCalls }, actorOf(request), callIdOf(request.params.id));
      return reply.code(202).send({ status: 'ending' });
    },
  );
};

const mostAtOthers = 100;

/** Those of this process, which know first, and those the record knows to go on elsewhere. */
async function listLive(
  db: Db,
  liveCalls: LiveCalls,
  { tenantId }: TenantActor,
): Promise<z.infer<typeof liveCallSchema>[]> {
  const here = liveCalls.list(tenantId);
  const known = new Set(here.map(({ callId }) => callId));
  const recorded = await inTenant(db, tenantId, (tx) =>
    listCalls(tx, { status: 'in_progress', limit: mostAtOthers }),
  );
  const elsewhere = recorded.calls.filter(({ id }) => !known.has(id));
  return [
    ...here.map(({ callId: id, from, startedAt }) => ({ id, from, startedAt, isHere: true })),
    ...elsewhere.map(({ id, fromPhone: from, startedAt }) => ({ id, from, startedAt, isHere: false })),
  ]
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    .map(({ startedAt, ...call }) => ({ ...call, startedAt: startedAt.toISOString() }));
}

async function endCall(
  { db, liveCalls }: Pick<LiveRoutesDependencies, 'db' | 'liveCalls'>,
  actor: TenantActor,
  callId: CallId,
): Promise<void> {
  const { tenantId } = actor;
  if (liveCalls.end(tenantId, callId)) {
    const change = { action: 'call.ended', resource: 'call', resourceId: callId };
    return inTenant(db, tenantId, (transaction) => recordChange(transaction, actor, change));
  }
  const { status } = await inTenant(db, tenantId, (tx) => getCall(tx, callId));
  if (status === 'completed') throw new Conflict('This call is over already.', { code: 'call-over' });
  throw new Conflict(
    'This call is not going on here; it may be at another server, or have ended this moment.',
    { code: 'call-not-here' },
  );
}
