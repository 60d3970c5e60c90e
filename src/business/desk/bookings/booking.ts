import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant, instantInput, oneOrMore, searchText } from '../../../platform/http/rest-values.ts';
import { linkFields } from '../links/links.ts';
import { bookingStatuses } from './booking-table.ts';

/* Schemas of a booking in responses and events, and of requests. */

const status = z.enum(bookingStatuses);
export const localTime = z
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

export const bookingExample = {
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
    id: idOf('bkg'),
    reference: z.string().describe('Short enough to say.'),
    status,
    serviceId: idOf('svc'),
    serviceName: z.string(),
    resourceId: idOf('rsc'),
    resourceName: z.string(),
    customerId: idOf('cus'),
    callId: idOf('call').nullable(),
    startsAt: instant,
    endsAt: instant,
    localTime,
    note: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Booking', examples: [bookingExample] });

export type Booking = z.output<typeof bookingSchema> & {
  readonly version: number;
  /** The end with the buffer of the service. */
  readonly blockedUntil: Date;
  /** The time for speech: "Tuesday, November 24 at 10:30 AM". */
  readonly spokenTime: string;
};

export const bookingPageSchema = pageOf(bookingSchema).meta({ id: 'BookingPage' });

export const bookingQuery = z.object({
  ...pageQuery.shape,
  status: oneOrMore(status, 4).optional(),
  serviceId: idInput('svc').optional(),
  resourceId: idInput('rsc').optional(),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
  from: instantInput.optional().describe('Starting then or later.'),
  to: instantInput.optional().describe('Starting before.'),
  q: searchText(40)
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
        serviceId: bookingExample.serviceId,
        startsAt: '2026-11-24T10:30',
        customer: { phone: '+14155550123', name: 'Maya Lindgren' },
      },
    ],
  });

export const bookingChangesSchema = z
  .strictObject({ startsAt, resourceId: idInput('rsc'), note: note.nullable() })
  .partial()
  .meta({ id: 'BookingChanges', examples: [{ startsAt: '2026-11-25T09:00' }] });

export type NewBooking = z.output<typeof newBookingSchema>;
export type BookingChanges = z.output<typeof bookingChangesSchema>;
