import { endpoint } from '../../tenancy/access/access.ts';
import {
  availabilityQuery,
  availabilitySchema,
  dayQuery,
  daySchema,
  monthQuery,
  monthSchema,
} from './calendar-answers.ts';
import { findAvailability, getDay, getMonth } from './calendar-views.ts';

const needs = 'bookings:read';
const tag = 'Bookings';

/** Endpoints of the calendar. */
export const calendarEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/availability',
    needs,
    tag,
    summary: 'Free times for a service',
    description:
      'Within opening hours and special days, clear of bookings and buffers. Days are those of the business: on the days the clocks change the same hours are a different stretch of time.',
    query: availabilityQuery,
    answers: { 200: availabilitySchema },
    handle: ({ tx, query, now }) => findAvailability(tx, { ...query, now }),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/bookings/month',
    needs,
    tag,
    summary: 'A month: how many bookings on each day',
    query: monthQuery,
    answers: { 200: monthSchema },
    handle: ({ tx, query }) => getMonth(tx, query.month),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/bookings/day',
    needs,
    tag,
    summary: 'A day: bookings and free time of each resource',
    query: dayQuery,
    answers: { 200: daySchema },
    handle: ({ tx, query }) => getDay(tx, query.date),
  }),
];
