import { z } from 'zod';
import { type AgentConfig, agentConfigSchema } from './agent-config.ts';
import { singleChoiceOf } from './single-choice.ts';

const { recognisers, voices, speechToText, voice } = agentConfigSchema.shape;
const voiceId = z.string().min(1).max(100);

/** The configuration that /v1 accepts: also with the fields of a single choice, over which the lists take precedence. */
export const configInput = z.object({
  ...agentConfigSchema.shape,
  recognisers: recognisers.unwrap().optional(),
  voices: voices.unwrap().optional(),
  speechToText: z.object({
    provider: z
      .enum(['deepgram-flux', 'deepgram-nova'])
      .optional()
      .describe('Puts this recogniser first; `recognisers` takes precedence.'),
    ...speechToText.shape,
  }),
  voice: z.object({
    provider: z
      .enum(['elevenlabs', 'deepgram'])
      .optional()
      .describe('Puts the voice of this vendor first; `voices` takes precedence.'),
    elevenlabsVoiceId: voiceId.optional(),
    deepgramVoiceId: voiceId.optional(),
    ...voice.shape,
  }),
});

/** The configuration that /v1 answers: the first of each list is repeated as the fields of a single choice. */
export const configOutput = z.object({
  ...agentConfigSchema.shape,
  speechToText: z.object({
    provider: z.string().describe('The first of `recognisers`.'),
    ...speechToText.shape,
  }),
  voice: z.object({
    provider: z.string().describe('The vendor of the first of `voices`.'),
    elevenlabsVoiceId: voiceId.optional(),
    deepgramVoiceId: voiceId.optional(),
    ...voice.shape,
  }),
});

export function presentConfig(config: AgentConfig) {
  return { ...config, ...singleChoiceOf(config) };
}
