import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { tenantOf } from '../../tenancy/access/actor.ts';
import { reading } from '../../tenancy/access/responses.ts';
import type { Interval } from './opening-times.ts';
import type { BookingRoutesDependencies } from './routes.ts';
import * as schema from './schema.ts';
import { findAvailability, getDay, getMonth } from './views.ts';

const read = { access: { permission: 'bookings:read' } } as const;

/** The calendar as people look at it. Its paths have no ids in them. */
export const calendarRoutes: FastifyPluginAsyncZod<BookingRoutesDependencies> = async (
  app,
  { db, clock },
) => {
  app.get(
    '/v1/availability',
    {
      config: read,
      schema: {
        tags: ['Bookings'],
        summary: 'Free times for a service',
        description:
          'Within opening hours and special days, clear of bookings and buffers. Days are those of the business: on the days the clocks change the same hours are a different stretch of time.',
        querystring: schema.availabilityQuery,
        response: { 200: schema.availabilitySchema, ...reading },
      },
    },
    async (request) => {
      const wanted = { ...request.query, now: clock.date() };
      const { timeZone, days } = await findAvailability(db, tenantOf(request), wanted);
      return {
        timeZone,
        days: days.map(({ date, slots }) => ({
          date,
          slots: slots.map(({ localTime, resourceIds, ...slot }) => ({
            ...presentInterval(slot),
            localTime,
            resourceIds: [...resourceIds],
          })),
        })),
      };
    },
  );

  app.get(
    '/v1/bookings/month',
    {
      config: read,
      schema: {
        tags: ['Bookings'],
        summary: 'A month: how many bookings on each day',
        querystring: schema.monthQuery,
        response: { 200: schema.monthSchema, ...reading },
      },
    },
    async (request) => {
      const { days, ...month } = await getMonth(db, tenantOf(request), request.query.month);
      return {
        ...month,
        days: days.map(({ counts: { no_show: noShow, ...counts }, ...day }) => ({
          ...day,
          ...counts,
          noShow,
        })),
      };
    },
  );

  app.get(
    '/v1/bookings/day',
    {
      config: read,
      schema: {
        tags: ['Bookings'],
        summary: 'A day: bookings and free time of each resource',
        querystring: schema.dayQuery,
        response: { 200: schema.daySchema, ...reading },
      },
    },
    async (request) => {
      const { openings, resources, ...day } = await getDay(db, tenantOf(request), request.query.date);
      return {
        ...day,
        openings: openings.map(presentInterval),
        resources: resources.map(({ bookings, free, ...resource }) => ({
          ...resource,
          bookings: bookings.map(schema.presentBooking),
          free: free.map(presentInterval),
        })),
      };
    },
  );
};

function presentInterval({ startsAtMs, endsAtMs }: Interval): { startsAt: string; endsAt: string } {
  return { startsAt: new Date(startsAtMs).toISOString(), endsAt: new Date(endsAtMs).toISOString() };
}
