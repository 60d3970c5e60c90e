import { z } from 'zod';

/** How an agent takes turns. Defaults and their reasons: src/call/turn/RULES.md. */
export const turnSettingsSchema = z.object({
  endOfTurnThreshold: z
    .number()
    .min(0.5)
    .max(0.9)
    .default(0.7)
    .describe('The probability of an end of turn at which the agent answers.'),
  eagerEndOfTurnThreshold: z
    .number()
    .min(0.3)
    .max(0.9)
    .nullable()
    .default(0.4)
    .describe('The probability at which an answer is prepared in advance; null switches that off.'),
  endOfTurnTimeoutMs: z.int().min(500).max(10_000).default(5_000),
  maxSpeculations: z.int().min(0).max(5).default(3),
  pauseAfterSpeechMs: z
    .int()
    .min(100)
    .max(1_000)
    .default(250)
    .describe('Speech of this length pauses the agent.'),
  resumeAfterMs: z
    .int()
    .min(300)
    .max(5_000)
    .default(1_500)
    .describe('The agent goes on after a pause of this length in which no words were recognised.'),
  interruptible: z.boolean().default(true),
  protectGreetingMs: z
    .int()
    .min(0)
    .max(10_000)
    .default(1_000)
    .describe('Speech cannot interrupt the greeting before this much of it was heard.'),
  repromptAfterMs: z.int().min(2_000).max(60_000).default(8_000),
  maxReprompts: z.int().min(0).max(5).default(2),
  maxCallMs: z
    .int()
    .min(60_000)
    .max(4 * 3_600_000)
    .default(30 * 60_000),
  wrapUpMs: z
    .int()
    .min(5_000)
    .max(300_000)
    .default(45_000)
    .describe('The wrap-up line is spoken this long before the end.'),
});

export const transferTargetSchema = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and dashes'),
  name: z.string().min(1).max(80),
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number in E.164, such as +15005550199'),
  when: z.string().min(1).max(500).describe('When to transfer here; the model is given this text.'),
});

const toolSettingsSchema = z.object({
  hint: z.string().max(500).optional().describe('Given to the model beside the description of the tool.'),
  waitingLine: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Spoken when the tool takes longer than a second.'),
  deadlineMs: z.int().min(1_000).max(15_000).optional(),
});

const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en-US');

const vendorName = z.string().regex(/^[a-z0-9]{1,40}$/, 'must be the name of a vendor, such as deepgram');

const recogniserChoiceSchema = z.object({
  provider: vendorName,
  model: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe('A model of the vendor; the default of the vendor where left out.'),
});

const voiceChoiceSchema = z.object({
  provider: vendorName,
  voiceId: z
    .string()
    .min(1)
    .max(100)
    .describe('GET /v1/voices lists some; a voice of your own account can be named too.'),
});

export type RecogniserChoice = z.output<typeof recogniserChoiceSchema>;
export type VoiceChoice = z.output<typeof voiceChoiceSchema>;

export const defaultRecognisers: readonly RecogniserChoice[] = [
  { provider: 'deepgram', model: 'flux' },
  { provider: 'deepgram', model: 'nova' },
];
export const defaultVoices: readonly VoiceChoice[] = [
  { provider: 'elevenlabs', voiceId: '21m00Tcm4TlvDq8ikWAM' },
  { provider: 'deepgram', voiceId: 'aura-2-thalia-en' },
];

/** The configuration of an agent: that of its draft, and that of each published version. */
export const agentConfigSchema = z.object({
  name: z.string().trim().min(1).max(80),
  language: languageSchema.default('en-US'),
  otherLanguages: z
    .array(languageSchema)
    .max(5)
    .default([])
    .describe('Languages that the agent changes to when the caller does.'),
  greeting: z.string().trim().min(1).max(500),
  instructions: z
    .string()
    .max(20_000)
    .describe('The system prompt. It may name variables, such as {{business.hours}}.'),
  recognisers: z
    .array(recogniserChoiceSchema)
    .min(1)
    .max(5)
    .default([...defaultRecognisers])
    .describe('Recognisers in order of preference: the next takes over when one fails.'),
  voices: z
    .array(voiceChoiceSchema)
    .min(1)
    .max(5)
    .default([...defaultVoices])
    .describe('Voices in order of preference: the next takes over when one fails.'),
  voice: z.object({ speed: z.number().min(0.7).max(1.2).default(1) }),
  speechToText: z.object({ keyterms: z.array(z.string().min(1).max(100)).max(100).default([]) }),
  model: z.object({
    name: z.string().min(1).max(100).default('gpt-6-luna'),
    fallback: z.string().min(1).max(100).default('gpt-5.6-luna'),
    maxOutputTokens: z.int().min(50).max(2_000).default(300),
  }),
  tools: z
    .array(z.string())
    .max(100)
    .describe('Names of the tools that are switched on; GET /v1/tools lists all.'),
  toolSettings: z
    .record(z.string().max(100), toolSettingsSchema)
    .default({})
    .describe('Settings by the name of the tool.'),
  transferTargets: z.array(transferTargetSchema).max(20).default([]),
  turnTaking: turnSettingsSchema,
  recording: z.object({
    enabled: z.boolean().default(true),
    keepDays: z
      .int()
      .min(1)
      .max(3_650)
      .nullable()
      .default(null)
      .describe('Audio older than this is deleted; null keeps it.'),
  }),
});

export type AgentConfig = z.output<typeof agentConfigSchema>;
export type AgentConfigInput = z.input<typeof agentConfigSchema>;
export type TurnSettings = z.output<typeof turnSettingsSchema>;
export type TransferTarget = z.output<typeof transferTargetSchema>;
