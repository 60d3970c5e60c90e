import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { BookingId } from '../../tenancy/references/ids.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { changeBooking, makeBooking } from './desk.ts';
import * as schema from './schema.ts';
import { cancelBooking, getBooking, settleBooking } from './service.ts';
import { listBookings } from './views.ts';

const tags = ['Bookings'];
const read = { access: { permission: 'bookings:read' } } as const;
const write = { access: { permission: 'bookings:write' } } as const;
const answered = { 200: schema.bookingSchema, ...changing };

export interface BookingRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
}

export const bookingRoutes: FastifyPluginAsyncZod<BookingRoutesDependencies> = async (app, { db, clock }) => {
  app.get(
    '/v1/bookings',
    {
      config: read,
      schema: {
        tags,
        summary: 'List bookings by when they start',
        querystring: schema.bookingQuery,
        response: { 200: schema.bookingPageSchema, ...reading },
      },
    },
    (request) => listBookings(db, tenantOf(request), request.query, schema.presentBooking),
  );

  app.post(
    '/v1/bookings',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Book a time',
        description:
          'One resource never has two bookings at once, whoever books at the same moment. A time that is taken or outside opening hours answers 409 with the nearest free times.',
        body: schema.newBookingSchema,
        response: { 201: schema.bookingSchema, ...creating, 409: schema.notFreeSchema },
      },
    },
    async (request, reply) => {
      const booking = await makeBooking(db, actorOf(request), request.body, clock.date());
      return withEtag(reply.code(201), schema.presentBooking(booking));
    },
  );

  app.get(
    '/v1/bookings/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a booking',
        params: idParams,
        response: { 200: schema.bookingSchema, ...reading },
      },
    },
    async (request, reply) => {
      const booking = await getBooking(db, tenantOf(request), { id: bookingIdOf(request.params) });
      return withEtag(reply, schema.presentBooking(booking));
    },
  );

  app.patch(
    '/v1/bookings/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Move a booking, or change its note',
        description: 'Who was to do it stays where that is possible, unless another resource is named.',
        params: idParams,
        body: schema.bookingChangesSchema,
        response: { ...answered, 409: schema.notFreeSchema },
      },
    },
    async (request, reply) => {
      const change = { changes: request.body, ifMatch: ifMatchOf(request), now: clock.date() };
      const booking = await changeBooking(db, actorOf(request), bookingIdOf(request.params), change);
      return withEtag(reply, schema.presentBooking(booking));
    },
  );

  app.post(
    '/v1/bookings/:id/cancel',
    {
      config: write,
      schema: { tags, summary: 'Cancel a booking to come', params: idParams, response: answered },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const booking = await cancelBooking(db, actor.tenantId, {
        id: bookingIdOf(request.params),
        actor,
        ifMatch: ifMatchOf(request),
        now: clock.date(),
      });
      return withEtag(reply, schema.presentBooking(booking));
    },
  );

  for (const [path, status, summary] of [
    ['complete', 'completed', 'Say that the customer came'],
    ['no-show', 'no_show', 'Say that the customer did not come'],
  ] as const) {
    app.post(
      `/v1/bookings/:id/${path}`,
      { config: write, schema: { tags, summary, params: idParams, response: answered } },
      async (request, reply) => {
        const id = bookingIdOf(request.params);
        const settled = { id, status, ifMatch: ifMatchOf(request), now: clock.date() };
        const booking = await settleBooking(db, actorOf(request), settled);
        return withEtag(reply, schema.presentBooking(booking));
      },
    );
  }
};

function bookingIdOf({ id }: { readonly id: string }): BookingId {
  return idInPath('bkg', id, 'booking');
}
