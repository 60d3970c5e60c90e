import { z } from 'zod';
import { type AgentConfig, agentConfigSchema } from './agent-config.ts';
import { singleChoiceOf } from './single-choice.ts';

const { recognisers, voices, speechToText, voice } = agentConfigSchema.shape;
const voiceId = z.string().min(1).max(100);

/** A configuration as /v1 takes it: with the fields of a single choice, which the lists overrule. */
export const configInput = z.object({
  ...agentConfigSchema.shape,
  recognisers: recognisers.unwrap().optional(),
  voices: voices.unwrap().optional(),
  speechToText: z.object({
    provider: z
      .enum(['deepgram-flux', 'deepgram-nova'])
      .optional()
      .describe('Puts this recogniser first; `recognisers` says it all.'),
    ...speechToText.shape,
  }),
  voice: z.object({
    provider: z
      .enum(['elevenlabs', 'deepgram'])
      .optional()
      .describe('Puts the voice of this vendor first; `voices` says it all.'),
    elevenlabsVoiceId: voiceId.optional(),
    deepgramVoiceId: voiceId.optional(),
    ...voice.shape,
  }),
});

/** A configuration as /v1 answers it: the first of each list also as the fields of a single choice. */
export const configOutput = z.object({
  ...agentConfigSchema.shape,
  speechToText: z.object({
    provider: z.string().describe('The first of `recognisers`.'),
    ...speechToText.shape,
  }),
  voice: z.object({
    provider: z.string().describe('Of the first of `voices`.'),
    elevenlabsVoiceId: voiceId.optional(),
    deepgramVoiceId: voiceId.optional(),
    ...voice.shape,
  }),
});

export function presentConfig(config: AgentConfig) {
  return { ...config, ...singleChoiceOf(config) };
}
