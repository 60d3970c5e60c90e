import { type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import type { CheckAssignee } from '../assignee.ts';
import { messageChangesSchema, messagePageSchema, messageQuery, messageSchema } from './message.ts';
import { changeMessage, getMessage, listMessages } from './message-service.ts';

const tag = 'Messages';
const id = pathId('msg', 'message');

/** Messages are taken by the agent, and only looked after here. */
export function messageEndpoints(checks: { readonly checkAssignee: CheckAssignee }): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/messages',
      needs: 'messages:read',
      tag,
      summary: 'List messages, newest first',
      query: messageQuery,
      answers: { 200: messagePageSchema },
      handle: ({ tx, query }) => listMessages(tx, query),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/messages/:id',
      needs: 'messages:read',
      tag,
      summary: 'Read a message',
      params: { id },
      answers: { 200: messageSchema },
      handle: ({ tx, params }) => getMessage(tx, params.id),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/messages/:id',
      needs: 'messages:write',
      tag,
      summary: 'Mark a message as handled or not, or give it to a member',
      params: { id },
      body: messageChangesSchema,
      answers: { 200: messageSchema },
      handle: ({ tx, actor, params, body, ifMatch, now }) =>
        changeMessage(tx, actor, params.id, { changes: body, ifMatch, now, ...checks }),
    }),
  ];
}
