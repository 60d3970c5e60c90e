import { type Endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
import type { CallExists } from '../links/links.ts';
import {
  bookingChangesSchema,
  bookingPageSchema,
  bookingQuery,
  bookingSchema,
  newBookingSchema,
} from './booking.ts';
import { getBooking, listBookings } from './booking-queries.ts';
import { cancelBooking, changeBooking, makeBooking, settleBooking } from './booking-service.ts';
import { notFreeSchema } from './calendar-answers.ts';
import { calendarEndpoints } from './calendar-endpoints.ts';

const bookings = restResource({
  path: '/v1/bookings',
  id: pathId('bkg', 'booking'),
  tag: 'Bookings',
  permission: 'bookings',
  row: bookingSchema,
});

export interface BookingChecks {
  readonly callExists: CallExists;
}

export function bookingEndpoints({ callExists }: BookingChecks): readonly Endpoint[] {
  return [
    bookings.list('List bookings by when they start', {
      query: bookingQuery,
      page: bookingPageSchema,
      handle: listBookings,
    }),
    bookings.create('Book a time', {
      description:
        'One resource never has two bookings at once, whoever books at the same moment. A time that is taken or outside opening hours answers 409 with the nearest free times.',
      body: newBookingSchema,
      answers: { 201: bookingSchema, 409: notFreeSchema },
      handle: (tx, actor, input, { now }) => makeBooking(tx, actor, input, { now, callExists }),
    }),
    ...calendarEndpoints,
    bookings.read('Read a booking', { handle: getBooking }),
    bookings.change('Move a booking, or change its note', {
      description: 'Who was to do it stays where that is possible, unless another resource is named.',
      body: bookingChangesSchema,
      answers: { 200: bookingSchema, 409: notFreeSchema },
      handle: changeBooking,
    }),
    bookings.action('cancel', 'Cancel a booking to come', { handle: cancelBooking }),
    bookings.action('complete', 'Say that the customer came', {
      handle: (tx, actor, id, { ifMatch, now }) =>
        settleBooking(tx, actor, id, { status: 'completed', ifMatch, now }),
    }),
    bookings.action('no-show', 'Say that the customer did not come', {
      handle: (tx, actor, id, { ifMatch, now }) =>
        settleBooking(tx, actor, id, { status: 'no_show', ifMatch, now }),
    }),
  ];
}
