import { z } from 'zod';
import { capabilities, country, e164 } from './number.ts';
import { numberTypes } from './number-carrier.ts';
import { numberStatuses } from './phone-number-table.ts';

/* What the carrier is asked for, and what it says. */

const capabilityNames = ['voice', 'sms', 'mms'] as const;

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

export const numberReportSchema = z
  .object({
    status: z.enum(numberStatuses),
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

export type NumberReport = z.output<typeof numberReportSchema>;
