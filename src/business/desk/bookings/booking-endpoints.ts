import { type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
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

const tag = 'Bookings';
const id = pathId('bkg', 'booking');

export interface BookingChecks {
  readonly callExists: CallExists;
}

export function bookingEndpoints({ callExists }: BookingChecks): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/bookings',
      needs: 'bookings:read',
      tag,
      summary: 'List bookings by when they start',
      query: bookingQuery,
      answers: { 200: bookingPageSchema },
      handle: ({ tx, query }) => listBookings(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/bookings',
      needs: 'bookings:write',
      idempotent: true,
      tag,
      summary: 'Book a time',
      description:
        'One resource never has two bookings at once, whoever books at the same moment. A time that is taken or outside opening hours answers 409 with the nearest free times.',
      body: newBookingSchema,
      answers: { 201: bookingSchema, 409: notFreeSchema },
      handle: ({ tx, actor, body, now }) => makeBooking(tx, actor, body, { now, callExists }),
    }),
    ...calendarEndpoints,
    endpoint({
      method: 'GET',
      path: '/v1/bookings/:id',
      needs: 'bookings:read',
      tag,
      summary: 'Read a booking',
      params: { id },
      answers: { 200: bookingSchema },
      handle: ({ tx, params }) => getBooking(tx, params.id),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/bookings/:id',
      needs: 'bookings:write',
      tag,
      summary: 'Move a booking, or change its note',
      description: 'Who was to do it stays where that is possible, unless another resource is named.',
      params: { id },
      body: bookingChangesSchema,
      answers: { 200: bookingSchema, 409: notFreeSchema },
      handle: ({ tx, actor, params, body, ifMatch, now }) =>
        changeBooking(tx, actor, params.id, { changes: body, ifMatch, now }),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/bookings/:id/cancel',
      needs: 'bookings:write',
      tag,
      summary: 'Cancel a booking to come',
      params: { id },
      answers: { 200: bookingSchema },
      handle: ({ tx, actor, params, ifMatch, now }) => cancelBooking(tx, actor, params.id, { ifMatch, now }),
    }),
    settling('complete', 'completed', 'Say that the customer came'),
    settling('no-show', 'no_show', 'Say that the customer did not come'),
  ];
}

function settling(verb: 'complete' | 'no-show', status: 'completed' | 'no_show', summary: string) {
  return endpoint({
    method: 'POST',
    path: `/v1/bookings/:id/${verb}`,
    needs: 'bookings:write',
    tag,
    summary,
    params: { id },
    answers: { 200: bookingSchema },
    handle: ({ tx, actor, params, ifMatch, now }) =>
      settleBooking(tx, actor, params.id, { status, ifMatch, now }),
  });
}
