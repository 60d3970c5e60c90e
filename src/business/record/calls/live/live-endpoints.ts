import { z } from 'zod';
import type { StreamEvent } from '../../../../platform/http/event-stream.ts';
import { instant } from '../../../../platform/http/rest-values.ts';
import { endpoint, pathId, rawEndpoint } from '../../../tenancy/access/access.ts';
import { tenantActor } from '../../../tenancy/actor/actor.ts';
import { endLiveCall, listLiveCalls } from './live-call-service.ts';
import type { TenantStreams } from '../../../tenancy/live/live.ts';
import type { CallRecord } from '../call-record.ts';
import type { LiveCalls, LiveRecordFeed } from './live-calls.ts';

export interface LiveEndpointsDependencies {
  readonly liveCalls: LiveCalls;
  readonly liveRecords: LiveRecordFeed;
  readonly streams: TenantStreams;
}

const liveCallExample = {
  id: 'call_01k9zt5w3pe0wsh7v6n0gq5m8x',
  from: '+14155550123',
  startedAt: '2026-11-24T15:00:00.000Z',
  isHere: true,
};

const liveCallSchema = z
  .object({
    id: z.string(),
    from: z.string().nullable().describe('E.164, or what the carrier says of a withheld number.'),
    startedAt: instant,
    isHere: z
      .boolean()
      .describe('True at the server that answers this; one at another server cannot be ended here.'),
  })
  .meta({
    id: 'LiveCall',
    examples: [liveCallExample],
  });

const liveCallsSchema = z
  .object({ data: z.array(liveCallSchema) })
  .meta({ id: 'LiveCalls', examples: [{ data: [liveCallExample] }] });

const endingSchema = z
  .object({ status: z.literal('ending') })
  .meta({ id: 'CallEnding', examples: [{ status: 'ending' }] });

const streamDescription = `\`text/event-stream\`. Each event is named after what happened (\`caller-turn\`, \`reply-ended\`,
\`tool-called\` …), and its data is \`{ callId, sequence, at, type, data }\`. A listener who does not read is dropped: the
last event, \`end\`, tells the reason. What was missed is in \`/v1/calls/{id}/events\`.`;

const streamExample = `id: call_01k9zt5w3pe0wsh7v6n0gq5m8x:14
event: digit-pressed
data: {"callId":"call_01k9zt5w3pe0wsh7v6n0gq5m8x","sequence":14,"at":"2026-11-24T15:00:21.000Z","type":"digit-pressed","data":{"digit":"1","offsetMs":20140}}

`;

const tag = 'Calls';

/** The calls going on now. */
export function liveEndpoints({ liveCalls, liveRecords, streams }: LiveEndpointsDependencies) {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/calls/live',
      needs: 'calls:read',
      tag,
      summary: 'List the calls going on now',
      answers: { 200: liveCallsSchema },
      handle: async ({ tx }) => ({ data: await listLiveCalls(tx, liveCalls) }),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/calls/live/stream',
      needs: 'calls:read',
      tag,
      summary: 'Watch the calls of this server as they go on',
      description: streamDescription,
      answers: { 200: z.any().describe('text/event-stream') },
      media: [{ text: 'text/event-stream', example: streamExample }],
      handle({ actor, reply }) {
        const { tenantId } = tenantActor(actor);
        const stream = streams.open(tenantId, (send) =>
          liveRecords.subscribe((record) => {
            if (record.tenantId === tenantId) send(shown(record));
          }),
        );
        return stream.answer(reply);
      },
    }),
    endpoint({
      method: 'POST',
      path: '/v1/calls/:id/end',
      needs: 'calls:write',
      tag,
      summary: 'End a live call',
      description: 'The call is over a moment later; its record says `ended-by-request`.',
      params: { id: pathId('call', 'call') },
      answers: { 202: endingSchema },
      async handle({ tx, actor, params }) {
        await endLiveCall(tx, actor, params.id, liveCalls);
        return { status: 'ending' as const };
      },
    }),
  ];
}

function shown({ callId, sequence, at, event: { type, ...data } }: CallRecord): StreamEvent {
  return { id: `${callId}:${sequence}`, event: type, data: { callId, sequence, at, type, data } };
}
