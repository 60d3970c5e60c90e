import { defineEvents, eventText, personalMark } from '../../tenancy/events/events.ts';
import { messageSchema } from './message.ts';

const facts = messageSchema
  .omit({ id: true, createdAt: true, updatedAt: true })
  .extend({ callerName: personalMark, callbackPhone: personalMark, body: eventText });

export const messageEvents = defineEvents('message', {
  taken: { says: 'The agent took a message for the people of the business.', after: facts },
  updated: {
    says: 'A message was marked as handled or new, or given to a member.',
    before: facts,
    after: facts,
  },
});
