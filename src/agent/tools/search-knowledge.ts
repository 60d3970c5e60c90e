import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const searchKnowledgeTool = defineTool({
  name: 'search_knowledge',
  description:
    'Searches what the business has written down for its callers: policies, conditions, how things are done, what a product or a place is like. Use it whenever a caller asks about something that your instructions and the other tools do not tell, before you say that you do not know. Not for prices, orders, appointments or tickets, which have tools of their own. Answer from the passages in one or two spoken sentences; do not read them out. If it finds nothing, say that you do not know and offer to take a message.',
  effect: 'look-up',
  failureNote:
    'What the business has written down cannot be searched just now. Say that you do not have it at hand, and offer to take a message.',
  schema: z.object({
    question: z
      .string()
      .min(2)
      .max(300)
      .describe(
        'One complete question that can be understood by itself, in the language of the conversation: "Are you open on Sundays?", never "and on Sundays?". Without names or numbers of the caller.',
      ),
  }),
  async run({ question }, { knowledge, tenantId, callId, chatId, agent, now }) {
    if (knowledge === undefined) throw new Error('There is nothing here to search knowledge with.');
    const conversation = callId ?? chatId;
    const asker = { tenantId, language: agent.language, conversation, callId, askedAt: now };
    return { result: await knowledge.find(question, asker) };
  },
});
