import { z } from 'zod';
import type { StreamEvent } from '../../../platform/http/event-stream.ts';
import { rawEndpoint } from '../access/access.ts';
import { tenantActor } from '../actor/actor.ts';
import type { DomainEvent } from '../events/events.ts';
import type { LiveEvents } from './live-events.ts';
import type { TenantStreams } from './tenant-streams.ts';

const description = `\`text/event-stream\`. Each event is named after what happened (\`booking.created\`,
\`ticket.updated\` …), and its data is \`{ position, type, subject, at, actor: { type, id } }\`: what was changed is read at
its own address by \`subject\`. Sent are the changes made through this server. A listener who does not read is dropped: the last
event, \`end\`, tells the reason. What was missed is in \`/v1/audit-log\`.`;

const example = `id: 48210
event: booking.created
data: {"position":"48210","type":"booking.created","subject":"bkg_01h2xcejqtf2nbrexx3vqjhp41","at":"2026-11-24T15:00:21.000Z","actor":{"type":"agent","id":"call_01k9zt5w3pe0wsh7v6n0gq5m8x"}}

`;

/** Streams the committed events of a tenant. */
export function eventStreamEndpoints({
  liveEvents,
  streams,
}: {
  readonly liveEvents: LiveEvents;
  readonly streams: TenantStreams;
}) {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/events/stream',
      needs: 'audit-log:read',
      tag: 'Audit log',
      summary: 'Watch what happens, as it happens',
      description,
      answers: { 200: z.any().describe('text/event-stream') },
      media: [{ text: 'text/event-stream', example }],
      handle({ actor, reply }) {
        const { tenantId } = tenantActor(actor);
        const stream = streams.open(tenantId, (send) =>
          liveEvents.subscribe(tenantId, (event) => send(shown(event))),
        );
        return stream.answer(reply);
      },
    }),
  ];
}

/** Leaves the details out, because a client may lack the permission; it fetches them with its own credential. */
function shown({ position, eventType, subject, at, actor }: DomainEvent): StreamEvent {
  const { type } = eventType;
  const data = { position, type, subject, at: at.toISOString(), actor: { type: actor.type, id: actor.id } };
  return { id: position, event: type, data };
}
