import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instantOutput, localDate } from '../../../platform/http/rest-values.ts';
import { bookingExample, bookingSchema, localTime } from './booking.ts';

/* Responses of the calendar: free times, a month, a day. */

const freeSlotSchema = z
  .object({
    startsAt: instantOutput,
    endsAt: instantOutput,
    localTime,
    resourceIds: z.array(idOf('rsc')).describe('Any of these can take it.'),
  })
  .meta({
    id: 'FreeSlot',
    examples: [
      {
        startsAt: bookingExample.startsAt,
        endsAt: bookingExample.endsAt,
        localTime: bookingExample.localTime,
        resourceIds: [bookingExample.resourceId],
      },
    ],
  });

/** The error for a time that is taken or outside opening hours. */
export const notFreeSchema = problemSchema
  .extend({ freeSlots: z.array(freeSlotSchema).optional().describe('The nearest free times.') })
  .meta({ id: 'TimeNotFree' });

export const availabilityQuery = z.object({
  serviceId: idInput('svc'),
  resourceId: idInput('rsc').optional().describe('Nobody else will do.'),
  from: localDate.optional().describe('The first day; today where left out.'),
  days: z.coerce.number().int().min(1).max(31).default(7),
});

export const availabilitySchema = z
  .object({
    timeZone: z.string(),
    days: z.array(z.object({ date: localDate, slots: z.array(freeSlotSchema) })),
  })
  .meta({
    id: 'Availability',
    examples: [
      {
        timeZone: 'America/New_York',
        days: [
          {
            date: '2026-11-24',
            slots: [
              {
                startsAt: bookingExample.startsAt,
                endsAt: bookingExample.endsAt,
                localTime: bookingExample.localTime,
                resourceIds: [bookingExample.resourceId],
              },
            ],
          },
        ],
      },
    ],
  });

export const monthQuery = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
    .meta({ examples: ['2026-11'] }),
});

const count = z.int().nonnegative();

export const monthSchema = z
  .object({
    month: z.string(),
    timeZone: z.string(),
    days: z.array(
      z.object({
        date: localDate,
        isOpen: z.boolean(),
        booked: count,
        completed: count,
        cancelled: count,
        noShow: count,
      }),
    ),
  })
  .meta({
    id: 'BookingMonth',
    examples: [
      {
        month: '2026-11',
        timeZone: 'America/New_York',
        days: [{ date: '2026-11-24', isOpen: true, booked: 4, completed: 0, cancelled: 1, noShow: 0 }],
      },
    ],
  });

export const dayQuery = z.object({ date: localDate });

const intervalSchema = z.object({ startsAt: instantOutput, endsAt: instantOutput });

export const daySchema = z
  .object({
    date: localDate,
    timeZone: z.string(),
    openings: z.array(intervalSchema),
    resources: z.array(
      z.object({
        resourceId: idOf('rsc'),
        name: z.string(),
        active: z.boolean(),
        bookings: z.array(bookingSchema).describe('But the cancelled, soonest first.'),
        free: z.array(intervalSchema).describe('Open, and neither booked nor in the buffer after a booking.'),
      }),
    ),
  })
  .meta({
    id: 'BookingDay',
    examples: [
      {
        date: '2026-11-24',
        timeZone: 'America/New_York',
        openings: [{ startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' }],
        resources: [
          {
            resourceId: bookingExample.resourceId,
            name: 'Sam',
            active: true,
            bookings: [bookingExample],
            free: [
              { startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T15:30:00.000Z' },
              { startsAt: '2026-11-24T16:45:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' },
            ],
          },
        ],
      },
    ],
  });
