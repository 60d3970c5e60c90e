import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { problemSchema } from '../../../platform/http/problem.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { instantInput, instantOutput, localDate } from '../../../platform/http/rest-values.ts';
import { linkFields } from '../links/links.ts';
import type { Booking } from './service.ts';

const status = z.enum(['booked', 'completed', 'cancelled', 'no_show']);
const localTime = z
  .string()
  .meta({ description: 'On the clocks of the business.', examples: ['2026-11-24T10:30'] });
const startsAt = z
  .string()
  .min(10)
  .max(40)
  .meta({
    description:
      'On the clocks of the business, or an instant with its offset. A time the clocks skip in spring is refused; one that comes twice in autumn is the first.',
    examples: ['2026-11-24T10:30'],
  });
const note = z.string().trim().max(2_000);

const example = {
  id: 'bkg_01h2xcejqtf2nbrexx3vqjhp41',
  reference: 'B-1042',
  status: 'booked',
  serviceId: 'svc_01h2xcejqtf2nbrexx3vqjhp41',
  serviceName: 'Tune-up',
  resourceId: 'rsc_01h2xcejqtf2nbrexx3vqjhp41',
  resourceName: 'Sam',
  customerId: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
  callId: null,
  startsAt: '2026-11-24T15:30:00.000Z',
  endsAt: '2026-11-24T16:30:00.000Z',
  localTime: '2026-11-24T10:30',
  note: 'A red bicycle.',
  createdAt: '2026-11-21T15:00:00.000Z',
  updatedAt: '2026-11-21T15:00:00.000Z',
};

export const bookingSchema = z
  .object({
    id: idOutput('bkg'),
    reference: z.string().describe('Short enough to say.'),
    status,
    serviceId: idOutput('svc'),
    serviceName: z.string(),
    resourceId: idOutput('rsc'),
    resourceName: z.string(),
    customerId: idOutput('cus'),
    callId: idOutput('call').nullable(),
    startsAt: instantOutput,
    endsAt: instantOutput,
    localTime,
    note: z.string().nullable(),
    createdAt: instantOutput,
    updatedAt: instantOutput,
  })
  .meta({ id: 'Booking', examples: [example] });

export const bookingPageSchema = pageOf(bookingSchema).meta({ id: 'BookingPage' });

export const bookingQuery = z.object({
  ...pageQuery.shape,
  status: z
    .union([status, z.array(status).min(1).max(4)])
    .transform((value) => [value].flat())
    .optional(),
  serviceId: idInput('svc').optional(),
  resourceId: idInput('rsc').optional(),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
  from: instantInput.optional().describe('Starting then or later.'),
  to: instantInput.optional().describe('Starting before.'),
  q: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .meta({ description: 'A reference.', examples: ['B-1042'] }),
  order: z.enum(['soonest', 'latest']).default('soonest').describe('By when they start.'),
});

export const newBookingSchema = z
  .strictObject({
    serviceId: idInput('svc'),
    startsAt,
    resourceId: idInput('rsc').optional().describe('Nobody else will do; anybody, where left out.'),
    note: note.optional(),
    ...linkFields,
  })
  .meta({
    id: 'NewBooking',
    examples: [
      {
        serviceId: example.serviceId,
        startsAt: '2026-11-24T10:30',
        customer: { phone: '+14155550123', name: 'Maya Lindgren' },
      },
    ],
  });

export const bookingChangesSchema = z
  .strictObject({ startsAt, resourceId: idInput('rsc'), note: note.nullable() })
  .partial()
  .meta({ id: 'BookingChanges', examples: [{ startsAt: '2026-11-25T09:00' }] });

const freeSlotSchema = z
  .object({
    startsAt: instantOutput,
    endsAt: instantOutput,
    localTime,
    resourceIds: z.array(idOutput('rsc')).describe('Any of these can take it.'),
  })
  .meta({
    id: 'FreeSlot',
    examples: [
      {
        startsAt: example.startsAt,
        endsAt: example.endsAt,
        localTime: example.localTime,
        resourceIds: [example.resourceId],
      },
    ],
  });

/** The answer to a time that is taken or outside opening hours. */
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
                startsAt: example.startsAt,
                endsAt: example.endsAt,
                localTime: example.localTime,
                resourceIds: [example.resourceId],
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
        resourceId: idOutput('rsc'),
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
            resourceId: example.resourceId,
            name: 'Sam',
            active: true,
            bookings: [example],
            free: [
              { startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T15:30:00.000Z' },
              { startsAt: '2026-11-24T16:45:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' },
            ],
          },
        ],
      },
    ],
  });

export function presentBooking(booking: Booking): z.output<typeof bookingSchema> {
  return {
    id: booking.id,
    reference: booking.reference,
    status: booking.status,
    serviceId: booking.serviceId,
    serviceName: booking.serviceName,
    resourceId: booking.resourceId,
    resourceName: booking.resourceName,
    customerId: booking.customerId,
    callId: booking.callId,
    localTime: booking.localTime,
    note: booking.note,
    startsAt: booking.startsAt.toISOString(),
    endsAt: booking.endsAt.toISOString(),
    createdAt: booking.createdAt.toISOString(),
    updatedAt: booking.updatedAt.toISOString(),
  };
}
