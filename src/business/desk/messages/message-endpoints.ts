import { type Endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
import type { CheckAssignee } from '../assignee.ts';
import { messageChangesSchema, messagePageSchema, messageQuery, messageSchema } from './message.ts';
import { changeMessage, getMessage, listMessages } from './message-service.ts';

const messages = restResource({
  path: '/v1/messages',
  id: pathId('msg', 'message'),
  tag: 'Messages',
  permission: 'messages',
  row: messageSchema,
});

/** Messages are created by the agent; the API reads and updates them. */
export function messageEndpoints(checks: { readonly checkAssignee: CheckAssignee }): readonly Endpoint[] {
  return [
    messages.list('List messages, newest first', {
      query: messageQuery,
      page: messagePageSchema,
      handle: listMessages,
    }),
    messages.read('Read a message', { handle: getMessage }),
    messages.change('Mark a message as handled or not, or give it to a member', {
      body: messageChangesSchema,
      handle: (tx, actor, id, change) => changeMessage(tx, actor, id, { ...change, ...checks }),
    }),
  ];
}
