import { z } from 'zod';

/* What an agent can be made of, as clients are answered. */

export const toolSchema = z.object({
  name: z.string(),
  description: z.string().describe('What the model is given to choose the tool by.'),
  effect: z.enum(['read', 'write', 'call-control']).describe('`call-control` is offered on calls alone.'),
  parameters: z.record(z.string(), z.unknown()).describe('JSON Schema of the arguments.'),
});

export const toolListSchema = z.object({ data: z.array(toolSchema), nextCursor: z.null() }).meta({
  id: 'ToolList',
  examples: [
    {
      data: [
        {
          name: 'take_message',
          description: 'Takes a message for the team.',
          effect: 'write',
          parameters: { type: 'object', properties: { message: { type: 'string' } } },
        },
      ],
      nextCursor: null,
    },
  ],
});

export const voiceSchema = z.object({
  provider: z.string(),
  id: z.string(),
  name: z.string(),
  language: z.string().describe('BCP 47; a voice marked `multi` speaks every language an agent can.'),
  description: z.string(),
});

export const voiceListSchema = z.object({ data: z.array(voiceSchema), nextCursor: z.null() }).meta({
  id: 'VoiceList',
  examples: [
    {
      data: [
        {
          provider: 'deepgram',
          id: 'aura-2-thalia-en',
          name: 'Thalia',
          language: 'en-US',
          description: 'Clear, confident and lively.',
        },
      ],
      nextCursor: null,
    },
  ],
});
