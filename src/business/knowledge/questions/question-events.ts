import { defineEvents } from '../../tenancy/events/events.ts';
import { questionSchema } from './question.ts';

const status = questionSchema.pick({ status: true });

export const knowledgeQuestionEvents = defineEvents('knowledge-question', {
  changed: { says: 'A question of callers was dismissed or opened again.', before: status, after: status },
  answered: {
    says: 'A question of callers was answered by an entry. The audit log has the entry.',
    audited: false,
    after: questionSchema.pick({ status: true, entryId: true }),
  },
});
