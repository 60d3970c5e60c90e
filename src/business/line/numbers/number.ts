import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { numberStatuses } from './phone-number-table.ts';

/* A phone number as it is answered, and what clients ask for. */

export const e164 = z.string().meta({ description: 'E.164.', examples: ['+13125550100'] });
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be a country code such as US')
  .meta({ description: 'ISO 3166-1.', examples: ['US'] });
export const capabilities = z.object({ voice: z.boolean(), sms: z.boolean(), mms: z.boolean() });
/** Of an agent that is linked without saying how much it answers. */
export const defaultWeight = 100;

export const weight = z
  .int()
  .min(0)
  .max(1_000)
  .default(defaultWeight)
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

const exampleNumber = {
  id: 'num_01h2xcejqtf2nbrexx3vqjhp41',
  phoneNumber: '+13125550100',
  label: 'Front desk',
  status: 'active',
  country: 'US',
  capabilities: { voice: true, sms: true, mms: true },
  carrierSid: 'PN0123456789abcdef0123456789abcdef',
  agents: [{ ...exampleAgent, name: 'Robin' }],
  afterHours: { type: 'message', message: 'We are closed until nine.' },
  failure: null,
  createdAt: '2026-11-02T09:00:00.000Z',
  updatedAt: '2026-11-02T09:00:00.000Z',
  releasedAt: null,
};

export const numberSchema = z
  .object({
    id: idOf('num'),
    phoneNumber: e164,
    label: z.string(),
    status: z
      .enum(numberStatuses)
      .describe(
        '`ordering` and `releasing` are settled with the carrier by themselves; `failed` says why in `failure`.',
      ),
    country: country.nullable(),
    capabilities: capabilities.nullable(),
    carrierSid: z.string().nullable().describe('Null for a number that did not come from the carrier.'),
    agents: z.array(z.object({ agentId: idOf('agt'), name: z.string(), weight: z.int() })),
    afterHours: z
      .union([
        z.object({ type: z.literal('agent'), agentId: idOf('agt') }),
        z.object({ type: z.literal('message'), message: z.string() }),
      ])
      .nullable(),
    failure: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
    releasedAt: instant.nullable(),
  })
  .meta({ id: 'PhoneNumber', examples: [exampleNumber] });

export type PhoneNumber = z.output<typeof numberSchema> & { readonly version: number };

export const numberDetailSchema = z
  .object({
    ...numberSchema.shape,
    usage: z
      .object({
        days: z.int(),
        calls: z.int(),
        minutes: z.number(),
        lastCallAt: instant.nullable(),
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
  status: z.enum(numberStatuses).optional().describe('Those in use, when left out.'),
  agentId: z.string().max(100).optional().describe('Numbers this agent answers.'),
  search: z.string().min(1).max(80).optional().describe('Part of the number or of the label.'),
});

export const numberPageSchema = pageOf(numberSchema).meta({ id: 'PhoneNumberPage' });

export type NumberOrder = z.output<typeof numberOrderSchema>;
export type NumberChanges = z.output<typeof numberChangesSchema>;
