import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { instant, instantInput, searchText } from '../../../platform/http/rest-values.ts';
import { callExample, turnsExample, usageExample } from './call-examples.ts';
import { endedReasons } from './call-record.ts';

/* The record of a call as it is answered, and the words that its rows use too. */

const callStatuses = ['in_progress', 'completed'] as const;
export type CallStatus = (typeof callStatuses)[number];

export const callOutcomes = [
  'booked',
  'booking-moved',
  'booking-cancelled',
  'ordered',
  'order-cancelled',
  'ticket-opened',
  'ticket-updated',
  'message-taken',
  'transferred',
  'answered-question',
  'no-conversation',
] as const;

/** What came of a call, in a short list people filter by. Each has an index of its own (`0010-record`). */
export type CallOutcome = (typeof callOutcomes)[number];

const milliseconds = z.int().nonnegative();

const costSchema = z
  .object({
    currency: z.string(),
    speechToTextMicros: z.int(),
    modelMicros: z.int(),
    textToSpeechMicros: z.int(),
    telephonyMicros: z.int(),
    totalMicros: z.int().describe('Millionths of the currency.'),
    unpriced: z.array(z.string()).describe('Vendors and models without a price; not in the total.'),
  })
  .meta({ id: 'CallCost' });

/** Whole millionths of the currency, by component. */
export type CallCost = Readonly<z.output<typeof costSchema>>;

const usageSchema = z
  .object({
    callSeconds: z.number(),
    sttSeconds: z.number(),
    sttVendor: z.string(),
    ttsCharacters: z.number(),
    ttsVendor: z.string(),
    inputTokens: z.number(),
    cachedTokens: z.number(),
    outputTokens: z.number(),
    model: z.string(),
  })
  .meta({ id: 'CallUsage' });

const callFields = {
  id: idOutput('call'),
  direction: z.enum(['inbound']),
  status: z.enum(callStatuses),
  from: z
    .string()
    .nullable()
    .describe('E.164, or what the carrier says of a withheld number; null once the caller was erased.'),
  to: z.string(),
  numberId: idOutput('num'),
  customerId: idOutput('cus').nullable().describe('Who called; null for a withheld number.'),
  conversationId: idOutput('cnv').nullable(),
  agentId: idOutput('agt'),
  agentVersionId: idOutput('agv'),
  startedAt: instant,
  answeredAt: instant.nullable(),
  endedAt: instant.nullable(),
  endedReason: z.string().nullable(),
  durationMs: milliseconds.nullable(),
  callerTurns: z.int(),
  replies: z.int(),
  interruptions: z.int(),
  toolCalls: z.int(),
  faults: z.int(),
  outcome: z.array(z.string()).describe('Empty until the record is finished, a moment after the call.'),
  summary: z.string().nullable(),
  cost: costSchema.nullable(),
  hasRecording: z.boolean(),
};

export const callSummarySchema = z.object(callFields).meta({ id: 'CallSummary', examples: [callExample] });

export const recentCallsSchema = z
  .object({ data: z.array(callSummarySchema) })
  .meta({ id: 'RecentCalls', examples: [{ data: [callExample] }] });

const word = z.object({
  text: z.string(),
  startOffsetMs: z.number(),
  endOffsetMs: z.number(),
  heard: z.boolean(),
});

export const latencySchema = z
  .object({
    endpointingMs: z.number().nullable(),
    requestMs: z.number().nullable(),
    firstTokenMs: z.number().nullable(),
    firstChunkMs: z.number().nullable(),
    firstAudioMs: z.number().nullable(),
    sendMs: z.number().nullable(),
    totalMs: z.number().nullable(),
    speculative: z.boolean(),
  })
  .meta({ id: 'TurnLatency' });

const turnFields = {
  sequence: z.int(),
  turn: z.int(),
  at: instant,
  startOffsetMs: z.int(),
  endOffsetMs: z.int().nullable(),
};

export const turnSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('caller'),
      ...turnFields,
      text: z.string(),
      source: z.enum(['speech', 'digits']),
      words: z.array(word),
    }),
    z.object({
      kind: z.literal('agent'),
      ...turnFields,
      replyKind: z.string(),
      heardText: z.string().describe('What the caller heard.'),
      generatedText: z.string().describe('All that was to be said.'),
      heardMs: z.int(),
      interrupted: z.boolean(),
      interruptionCause: z.string().nullable(),
      words: z.array(word),
      latency: latencySchema.nullable(),
    }),
    z.object({
      kind: z.literal('tool'),
      ...turnFields,
      tool: z.string(),
      arguments: z.unknown(),
      status: z.string().nullable().describe('Null while it runs.'),
      result: z.unknown(),
      durationMs: z.int().nullable(),
    }),
  ])
  .meta({ id: 'CallTurn', examples: turnsExample });

export const callDetailSchema = z
  .object({ ...callFields, usage: usageSchema.nullable(), transcript: z.array(turnSchema) })
  .meta({ id: 'Call', examples: [{ ...callExample, usage: usageExample, transcript: turnsExample }] });

export const callPageSchema = pageOf(callSummarySchema).meta({ id: 'CallPage' });

export const transcriptSchema = z.object({ callId: z.string(), turns: z.array(turnSchema) }).meta({
  id: 'Transcript',
  description: 'In the order it was heard and done.',
  examples: [{ callId: callExample.id, turns: turnsExample }],
});

export const callEventPageSchema = pageOf(
  z
    .object({
      sequence: z.int(),
      type: z.string(),
      at: instant,
      data: z.record(z.string(), z.unknown()),
    })
    .meta({
      id: 'CallEvent',
      examples: [
        {
          sequence: 14,
          type: 'digit-pressed',
          at: '2026-11-24T15:00:21.000Z',
          data: { digit: '1', offsetMs: 20_140 },
        },
      ],
    }),
).meta({ id: 'CallEventPage' });

export const rangeFields = {
  startedAfter: instantInput.optional().describe('This moment or later.'),
  startedBefore: instantInput.optional().describe('Earlier than this moment.'),
};

export const callListQuery = z.object({
  ...pageQuery.shape,
  ...rangeFields,
  numberId: idInput('num').optional(),
  agentId: idInput('agt').optional(),
  customerId: idInput('cus').optional(),
  conversationId: idInput('cnv').optional(),
  from: z
    .string()
    .max(40)
    .optional()
    .describe('The caller’s whole number. Numbers are encrypted at rest, so a part of one finds nothing.'),
  status: z.enum(callStatuses).optional(),
  outcome: z.enum(callOutcomes).optional(),
  endedReason: z.enum(endedReasons).optional(),
  minDurationMs: z.coerce.number().int().min(0).max(2_000_000_000).optional(),
  maxDurationMs: z.coerce.number().int().min(0).max(2_000_000_000).optional(),
  q: searchText(200)
    .optional()
    .describe(
      'Words that were said on a call that is over: all of them, `"a phrase"`, `this or that`, `-without`. With it a page may be shorter than its limit while there are more; the last one has no `nextCursor`.',
    ),
});

export const recentQuery = z.object({ limit: z.coerce.number().int().min(1).max(50).default(10) });
