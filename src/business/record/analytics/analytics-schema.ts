import { z } from 'zod';
import { instant, instantInput } from '../../../platform/http/rest-values.ts';
import { figureFields, figuresExample } from '../calls/calls.ts';

const micros = z.number().describe('Millionths of a US dollar: what vendors charge.');

const periodSchema = z.object({
  calls: z.int(),
  answered: z.int(),
  minutes: z.number(),
  costMicros: micros,
  orders: z.int(),
  orderValueMinor: z.number().describe('In minor units of the currency of the business.'),
  bookings: z.int(),
  tickets: z.int(),
});

const figures = { calls: 128, answered: 126, minutes: 214.5, costMicros: 12_400_000 };
const deeds = { orders: 17, orderValueMinor: 143_250, bookings: 41, tickets: 9 };

export const dashboardSchema = z
  .object({
    from: instant,
    to: instant,
    currency: z.string(),
    standing: z
      .object({
        numbersConnected: z.int(),
        activeAgents: z.int(),
        openTickets: z.int(),
        upcomingBookings: z.int(),
        customers: z.int(),
      })
      .describe('What there is now, whatever the period.'),
    period: periodSchema,
    before: periodSchema.describe('The equally long period before, for the trend.'),
    latency: figureFields.latency,
  })
  .meta({
    id: 'Dashboard',
    examples: [
      {
        from: '2026-11-17T09:00:00.000Z',
        to: '2026-11-24T09:00:00.000Z',
        currency: 'USD',
        standing: {
          numbersConnected: 2,
          activeAgents: 2,
          openTickets: 4,
          upcomingBookings: 12,
          customers: 96,
        },
        period: { ...figures, ...deeds },
        before: { ...figures, calls: 111, ...deeds, orders: 12 },
        latency: figuresExample.latency,
      },
    ],
  });

export const dashboardQuery = z.object({
  days: z.coerce.number().int().min(1).max(90).default(7).describe('The length of the period, up to now.'),
});

export const analyticsSchema = z
  .object({
    from: instant,
    to: instant,
    timeZone: z.string().describe('Of the business; days and hours are its own.'),
    total: z.object(figureFields),
    days: z.array(z.object({ key: z.string().describe('A day.'), ...figureFields })),
    hours: z
      .array(z.object({ weekday: z.int().describe('Monday is 1.'), hour: z.int(), calls: z.int() }))
      .describe('When calls come, the busiest hour first; hours without a call are left out.'),
    topics: z
      .array(z.object({ topic: z.string(), calls: z.int() }))
      .describe('What calls were about, by what the agent did on them; a call may have several.'),
    tools: z.array(z.object({ tool: z.string(), uses: z.int(), failures: z.int(), averageMs: z.int() })),
    costs: z.object({
      speechToTextMicros: micros,
      modelMicros: micros,
      textToSpeechMicros: micros,
      telephonyMicros: micros,
    }),
    deeds: z.object({
      orders: z.int(),
      orderValueMinor: z.number(),
      bookings: z.int(),
      tickets: z.int(),
    }),
  })
  .meta({
    id: 'Analytics',
    examples: [
      {
        from: '2026-11-17T09:00:00.000Z',
        to: '2026-11-24T09:00:00.000Z',
        timeZone: 'America/New_York',
        total: figuresExample,
        days: [{ key: '2026-11-23', ...figuresExample, calls: 19, answered: 19, completed: 19 }],
        hours: [{ weekday: 1, hour: 10, calls: 23 }],
        topics: [{ topic: 'booked', calls: 41 }],
        tools: [{ tool: 'find_free_slots', uses: 58, failures: 0, averageMs: 34 }],
        costs: {
          speechToTextMicros: 2_480_000,
          modelMicros: 870_000,
          textToSpeechMicros: 6_120_000,
          telephonyMicros: 2_930_000,
        },
        deeds,
      },
    ],
  });

export const analyticsQuery = z.object({
  from: instantInput.optional().describe('30 days before `to`, unless given.'),
  to: instantInput.optional().describe('Now, unless given.'),
});
