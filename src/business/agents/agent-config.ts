import { z } from 'zod';

/** How an agent takes turns. Defaults and their reasons: src/call/turn/RULES.md. */
export const turnSettingsSchema = z.object({
  endOfTurnThreshold: z.number().min(0.5).max(0.9).default(0.7),
  /** Null switches speculative replies off. */
  eagerEndOfTurnThreshold: z.number().min(0.3).max(0.9).nullable().default(0.4),
  endOfTurnTimeoutMs: z.int().min(500).max(10_000).default(5_000),
  maxSpeculations: z.int().min(0).max(5).default(3),
  /** Local voice activity of this length pauses the agent. */
  pauseAfterSpeechMs: z.int().min(100).max(1_000).default(250),
  /** A pause that no words confirm ends after this long. */
  resumeAfterMs: z.int().min(300).max(5_000).default(1_500),
  interruptible: z.boolean().default(true),
  /** The greeting cannot be interrupted by speech before this much of it was heard. */
  protectGreetingMs: z.int().min(0).max(10_000).default(1_000),
  repromptAfterMs: z.int().min(2_000).max(60_000).default(8_000),
  maxReprompts: z.int().min(0).max(5).default(2),
  maxCallMs: z
    .int()
    .min(60_000)
    .max(4 * 3_600_000)
    .default(30 * 60_000),
  /** The wrap-up line is spoken this long before the end. */
  wrapUpMs: z.int().min(5_000).max(300_000).default(45_000),
});

export const transferTargetSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  name: z.string().min(1),
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/),
  /** When to transfer here, as the model is told it. */
  when: z.string().min(1),
});

/** Everything that makes one published version of an agent. Immutable once published; a call records its version. */
export const agentConfigSchema = z.object({
  name: z.string().min(1),
  language: z.string().default('en-US'),
  greeting: z.string().min(1),
  instructions: z.string(),
  voice: z.object({
    provider: z.enum(['elevenlabs', 'deepgram']).default('elevenlabs'),
    elevenlabsVoiceId: z.string().default('21m00Tcm4TlvDq8ikWAM'),
    deepgramVoiceId: z.string().default('aura-2-thalia-en'),
    speed: z.number().min(0.7).max(1.2).default(1),
  }),
  speechToText: z.object({
    provider: z.enum(['deepgram-flux', 'deepgram-nova']).default('deepgram-flux'),
    keyterms: z.array(z.string()).max(100).default([]),
  }),
  model: z.object({
    name: z.string().default('gpt-6-luna'),
    fallback: z.string().default('gpt-5.6-luna'),
    maxOutputTokens: z.int().min(50).max(2_000).default(300),
  }),
  tools: z.array(z.string()),
  transferTargets: z.array(transferTargetSchema).default([]),
  turnTaking: turnSettingsSchema,
  recording: z.object({ enabled: z.boolean().default(true) }),
});

export type AgentConfig = z.output<typeof agentConfigSchema>;
export type TurnSettings = z.output<typeof turnSettingsSchema>;
export type TransferTarget = z.output<typeof transferTargetSchema>;
