import { z } from 'zod';
import { listFreeSlots } from '../../business/desk/bookings/bookings.ts';
import { defineTool } from './define-tool.ts';
import { spokenTime } from './spoken.ts';

/** The model picks the few that fit what the caller said. */
const MAX_SLOTS = 10;

export const findFreeSlotsTool = defineTool({
  name: 'find_free_slots',
  description:
    'Free times for a service from a day on, soonest first. Use it before you offer or confirm any time. Offer at most three; pass localTime on when booking.',
  effect: 'read',
  schema: z.object({
    service: z.string().min(1).max(80).describe('As list_services gives it, or by its name.'),
    fromDate: z
      .string()
      .optional()
      .describe(
        'First day to look at, such as 2026-11-24, on the calendar of the business. Today if left out.',
      ),
    days: z
      .int()
      .min(1)
      .max(31)
      .optional()
      .describe('How many days to look at; 7 if left out, 1 for one day.'),
  }),
  async run({ service, fromDate, days }, context) {
    const { tx, now } = context;
    const slots = await listFreeSlots(tx, { service, fromDate, days, now, limit: MAX_SLOTS });
    const free = slots.map(({ localTime, startsAt }) => ({
      localTime,
      spokenTime: spokenTime(startsAt, context),
    }));
    return {
      result: free.length > 0 ? { free } : { free, note: 'Nothing is free in these days; try later ones.' },
    };
  },
});
