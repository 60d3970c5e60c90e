import { z } from 'zod';
import { idInput, idOutput } from '../platform/http/rest-ids.ts';

const maxMessages = 100;
const maxCharacters = 8_000;

const example = {
  agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
  messages: [{ role: 'user', content: 'Are you open on Saturday?' }],
};

export const chatRequestSchema = z
  .strictObject({
    agentId: idInput('agt'),
    messages: z
      .array(
        z.strictObject({
          role: z.enum(['user', 'assistant']),
          content: z.string().trim().min(1).max(maxCharacters),
        }),
      )
      .min(1)
      .max(maxMessages)
      .refine((messages) => messages.at(-1)?.role === 'user', 'must end with a message of the user')
      .describe('Oldest first. In a conversation: the new message alone, the rest is remembered.'),
    conversationId: idInput('cnv').optional().describe('Goes on with this conversation.'),
    remember: z
      .boolean()
      .default(false)
      .describe('Opens a conversation that remembers; its id is in the answer. Otherwise nothing is kept.'),
    wait: z
      .boolean()
      .default(true)
      .describe(
        'False: answered 202 at once. A job writes the answer, which becomes a message of the conversation; needs `conversationId` or `remember`.',
      ),
    chatId: idInput('chat')
      .optional()
      .describe(
        'Of the answer before, without a conversation. A turn that is sent again under it does nothing a second time.',
      ),
    customer: z
      .strictObject({ phone: z.string().min(3).max(40) })
      .optional()
      .describe(
        'Who writes, where you know it for sure: the agent finds their records. Needs `customers:read`, so that a key in a web page cannot say whom it likes.',
      ),
  })
  .refine(({ conversationId, messages }) => conversationId === undefined || messages.length === 1, {
    path: ['messages'],
    error: 'must be one message in a conversation',
  })
  .refine(({ conversationId, chatId }) => conversationId === undefined || chatId === undefined, {
    path: ['chatId'],
    error: 'has no place in a conversation',
  })
  .refine(({ wait, conversationId, remember }) => wait || conversationId !== undefined || remember, {
    path: ['wait'],
    error: 'must be true where no conversation is stored: the answer would have no place',
  })
  .meta({ id: 'ChatRequest', examples: [example] });

export type ChatInput = z.output<typeof chatRequestSchema>;

/** A message whose answer a job writes. */
export const chatAcceptedSchema = z
  .object({
    conversationId: idOutput('cnv').describe('The answer becomes one of its messages.'),
    sequence: z.int().describe('Of the message there; the answer comes after it.'),
    agentId: idOutput('agt'),
  })
  .meta({
    id: 'ChatAccepted',
    examples: [
      {
        conversationId: 'cnv_01h2xcejqtf2nbrexx3vqjhp41',
        sequence: 4,
        agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
      },
    ],
  });

const toolCall = z.object({
  id: z.string(),
  tool: z.string(),
  arguments: z.unknown(),
  status: z.string(),
  result: z.unknown(),
  durationMs: z.int(),
});

const usage = z.object({ inputTokens: z.int(), cachedTokens: z.int(), outputTokens: z.int() });

export const chatAnswerExample = {
  chatId: 'chat_01h2xcejqtf2nbrexx3vqjhp41',
  conversationId: null,
  agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41',
  agentVersionId: 'agv_01h2xcejqtf2nbrexx3vqjhp41',
  message: { role: 'assistant', content: 'Yes, from ten to four.' },
  toolCalls: [],
  usage: { inputTokens: 812, cachedTokens: 512, outputTokens: 9 },
};

/** The whole answer as JSON, and the data of the event `done`. */
export const chatAnswerSchema = z
  .object({
    chatId: idOutput('chat').nullable().describe('Null in a conversation.'),
    conversationId: idOutput('cnv').nullable(),
    agentId: idOutput('agt'),
    agentVersionId: idOutput('agv'),
    message: z
      .object({ role: z.literal('assistant'), content: z.string() })
      .nullable()
      .describe('Null where people of the business have taken over: the message waits for them.'),
    toolCalls: z.array(toolCall),
    usage,
  })
  .meta({
    id: 'ChatAnswer',
    examples: [chatAnswerExample],
  });

export type ChatAnswer = z.output<typeof chatAnswerSchema>;
export type ChatToolCall = z.output<typeof toolCall>;
export type ChatUsage = z.output<typeof usage>;
