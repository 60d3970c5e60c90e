import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { instantOutput } from '../../../platform/http/rest-values.ts';
import { type AvailableNumber, numberTypes } from './number-carrier.ts';
import type { NumberView } from './number-view.ts';
import { DEFAULT_WEIGHT, type NumberUsage } from './number-service.ts';
import type { CarrierReport } from './carrier-report.ts';

const e164 = z.string().meta({ description: 'E.164.', examples: ['+13125550100'] });
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be a country code such as US')
  .meta({ description: 'ISO 3166-1.', examples: ['US'] });
const capabilities = z.object({ voice: z.boolean(), sms: z.boolean(), mms: z.boolean() });
const capabilityNames = ['voice', 'sms', 'mms'] as const;

const statuses = ['ordering', 'active', 'releasing', 'released', 'failed'] as const;

export const availableQuery = z.object({
  country: country.default('US'),
  type: z.enum(numberTypes).default('local'),
  areaCode: z
    .string()
    .regex(/^\d{3}$/, 'must have three digits')
    .optional()
    .describe('In North America.'),
  contains: z
    .string()
    .regex(/^[\dA-Za-z*]{2,16}$/, 'must be 2 to 16 digits, letters or *')
    .optional()
    .describe('Digits, letters of the keypad, and `*` for any one digit.'),
  capabilities: z
    .string()
    .default('voice')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(capabilityNames)).max(3))
    .describe('Comma-separated: voice, sms, mms.'),
  limit: z.coerce.number().int().min(1).max(30).default(20),
});

export const availableListSchema = z
  .object({
    data: z.array(
      z.object({
        phoneNumber: e164,
        country,
        locality: z.string().nullable(),
        region: z.string().nullable(),
        capabilities,
        addressRequirement: z
          .string()
          .describe('Whether the carrier asks its buyer for an address: none, any, local, foreign.'),
      }),
    ),
    nextCursor: z.null(),
  })
  .meta({
    id: 'AvailablePhoneNumbers',
    examples: [
      {
        data: [
          {
            phoneNumber: '+13125550100',
            country: 'US',
            locality: 'Chicago',
            region: 'IL',
            capabilities: { voice: true, sms: true, mms: true },
            addressRequirement: 'none',
          },
        ],
        nextCursor: null,
      },
    ],
  });

export const weight = z
  .int()
  .min(0)
  .max(1_000)
  .default(DEFAULT_WEIGHT)
  .describe('Against the weights of the other agents; 0 answers nothing for the time being.');

const agentsInput = z
  .array(z.strictObject({ agentId: idInput('agt'), weight }))
  .max(20)
  .describe('Who answers. The same caller reaches the same agent.');

const afterHoursInput = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('agent'), agentId: idInput('agt') }),
    z.strictObject({
      type: z.literal('message'),
      message: z.string().trim().min(1).max(1_000).describe('Spoken by the carrier; then it hangs up.'),
    }),
  ])
  .nullable()
  .describe('Who answers outside the opening hours of the business; null answers as at any hour.');

const exampleAgent = { agentId: 'agt_01h2xcejqtf2nbrexx3vqjhp41', weight: 100 };

export const numberOrderSchema = z
  .strictObject({
    phoneNumber: z
      .string()
      .min(3)
      .max(40)
      .meta({ examples: ['+13125550100'] }),
    label: z.string().trim().max(80).optional(),
    agents: agentsInput.optional(),
    afterHours: afterHoursInput.optional(),
  })
  .meta({
    id: 'PhoneNumberOrder',
    examples: [{ phoneNumber: '+13125550100', label: 'Front desk', agents: [exampleAgent] }],
  });

export const numberChangesSchema = z
  .strictObject({
    label: z.string().trim().max(80).optional(),
    agents: agentsInput.optional(),
    afterHours: afterHoursInput.optional(),
  })
  .meta({
    id: 'PhoneNumberChanges',
    description: 'What is left out stays; `agents` is replaced whole.',
    examples: [
      { agents: [exampleAgent], afterHours: { type: 'message', message: 'We are closed until nine.' } },
    ],
  });

const numberFields = {
  id: idOutput('num'),
  phoneNumber: e164,
  label: z.string(),
  status: z
    .enum(statuses)
    .describe(
      '`ordering` and `releasing` are settled with the carrier by themselves; `failed` says why in `failure`.',
    ),
  country: country.nullable(),
  capabilities: capabilities.nullable(),
  carrierSid: z.string().nullable().describe('Null for a number that did not come from the carrier.'),
  agents: z.array(z.object({ agentId: idOutput('agt'), name: z.string(), weight: z.int() })),
  afterHours: z
    .union([
      z.object({ type: z.literal('agent'), agentId: idOutput('agt') }),
      z.object({ type: z.literal('message'), message: z.string() }),
    ])
    .nullable(),
  failure: z.string().nullable(),
  createdAt: instantOutput,
  updatedAt: instantOutput,
  releasedAt: instantOutput.nullable(),
};

const exampleNumber = {
  id: 'num_01h2xcejqtf2nbrexx3vqjhp41',
  phoneNumber: '+13125550100',
  label: 'Front desk',
  status: 'active' as const,
  country: 'US',
  capabilities: { voice: true, sms: true, mms: true },
  carrierSid: 'PN0123456789abcdef0123456789abcdef',
  agents: [{ ...exampleAgent, name: 'Robin' }],
  afterHours: { type: 'message' as const, message: 'We are closed until nine.' },
  failure: null,
  createdAt: '2026-11-02T09:00:00.000Z',
  updatedAt: '2026-11-02T09:00:00.000Z',
  releasedAt: null,
};

export const numberSchema = z.object(numberFields).meta({ id: 'PhoneNumber', examples: [exampleNumber] });

export const numberDetailSchema = z
  .object({
    ...numberFields,
    usage: z
      .object({
        days: z.int(),
        calls: z.int(),
        minutes: z.number(),
        lastCallAt: instantOutput.nullable(),
      })
      .describe('Of the last days; not part of the ETag.'),
  })
  .meta({
    id: 'PhoneNumberDetail',
    examples: [
      {
        ...exampleNumber,
        usage: { days: 30, calls: 212, minutes: 431.5, lastCallAt: '2026-11-24T15:30:00.000Z' },
      },
    ],
  });

export const numberListQuery = z.object({
  ...pageQuery.shape,
  status: z.enum(statuses).optional().describe('Those in use, when left out.'),
  agentId: z.string().max(100).optional().describe('Numbers this agent answers.'),
  search: z.string().min(1).max(80).optional().describe('Part of the number or of the label.'),
});

export const numberPageSchema = pageOf(numberSchema).meta({ id: 'PhoneNumberPage' });

export const numberStatusSchema = z
  .object({
    status: z.enum(statuses),
    isAnswered: z.boolean().describe('A call to it now would reach an agent or a message.'),
    carrier: z
      .object({
        isOwned: z.boolean(),
        voiceUrl: z.string(),
        statusUrl: z.string(),
        pointsHere: z.boolean().describe('The carrier announces calls to this server.'),
      })
      .nullable()
      .describe('Null for a number that did not come from the carrier.'),
    problems: z.array(z.string()).describe('What stands in the way of calls, and what to do about it.'),
  })
  .meta({
    id: 'PhoneNumberStatus',
    examples: [
      {
        status: 'active',
        isAnswered: false,
        carrier: {
          isOwned: true,
          voiceUrl: 'https://line.example.com/webhooks/twilio/voice',
          statusUrl: 'https://line.example.com/webhooks/twilio/status',
          pointsHere: true,
        },
        problems: ['No published agent is linked to this number.'],
      },
    ],
  });

export function presentNumber(view: NumberView): z.output<typeof numberSchema> {
  return {
    id: view.id,
    phoneNumber: view.number,
    label: view.label,
    status: view.status,
    country: view.country,
    capabilities: view.capabilities,
    carrierSid: view.carrierSid,
    agents: view.agents.map(({ agentId, name, weight: share }) => ({ agentId, name, weight: share })),
    afterHours: view.afterHours,
    failure: view.failure,
    createdAt: view.createdAt.toISOString(),
    updatedAt: view.updatedAt.toISOString(),
    releasedAt: view.releasedAt?.toISOString() ?? null,
  };
}

export function presentDetail(view: NumberView, usage: NumberUsage): z.output<typeof numberDetailSchema> {
  return {
    ...presentNumber(view),
    usage: {
      days: 30,
      calls: usage.calls,
      minutes: Math.round(usage.durationMs / 6_000) / 10,
      lastCallAt: usage.lastCallAt?.toISOString() ?? null,
    },
  };
}

export function presentAvailable({ number, ...rest }: AvailableNumber) {
  return { phoneNumber: number, ...rest };
}

export function presentReport({ status, isAnswered, carrier, problems }: CarrierReport) {
  return { status, isAnswered, carrier, problems: [...problems] };
}
