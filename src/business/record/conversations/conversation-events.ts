import { z } from 'zod';
import { defineEvents } from '../../tenancy/events/events.ts';
import { conversationFields, messageAuthor } from './conversation.ts';

const { customerId, channel, status, assigneeId } = conversationFields;
const standing = z.object({ status });
const assignment = z.object({ assigneeId });

/** What happens to conversations. Words are in the messages alone, so that they are erased in one place. */
export const conversationEvents = defineEvents('conversation', {
  opened: {
    says: 'A customer reached the business on a channel.',
    details: z.object({ channel, customerId }),
    audited: false,
  },
  'message-added': {
    says: 'A message was written, by the customer or to the customer.',
    details: z.object({ author: messageAuthor, authorId: z.string().nullable() }),
    audited: false,
  },
  'call-added': {
    says: 'The customer called; the words are in the transcript of the call.',
    details: z.object({ callId: z.string() }),
    audited: false,
  },
  'note-added': {
    says: 'Somebody of the business left a note.',
    details: z.object({ memberId: z.string().nullable() }),
    audited: false,
  },
  'status-changed': {
    says: 'Somebody of the business moved a conversation on.',
    before: standing,
    after: standing,
  },
  'status-followed': {
    says: 'The status followed from what the customer said, or from a merge of customers.',
    before: standing,
    after: standing,
    details: z.object({ by: z.string() }),
    audited: false,
  },
  assigned: {
    says: 'A conversation was given to a member, or taken from one.',
    before: assignment,
    after: assignment,
  },
});
