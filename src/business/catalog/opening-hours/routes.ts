import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

const tags = ['Opening hours'];
const read = { access: { permission: 'opening-hours:read' } } as const;
const write = { access: { permission: 'opening-hours:write' } } as const;
const day = '/v1/opening-hours/exceptions/:date';

export const openingHoursRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/opening-hours',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read the week',
        description: 'On the clocks of the business: see `timeZone` of the company.',
        response: { 200: schema.weekSchema, ...reading },
      },
    },
    async (request, reply) =>
      withEtag(reply, schema.presentWeek(await service.getWeek(db, tenantOf(request)))),
  );

  app.put(
    '/v1/opening-hours',
    {
      config: write,
      schema: {
        tags,
        summary: 'Replace the week',
        description: 'A night is split at midnight: until 24:00 on the one day, from 00:00 on the next.',
        body: schema.weekSchema,
        response: { 200: schema.weekSchema, ...changing },
      },
    },
    async (request, reply) => {
      const hours = schema.hoursOf(request.body);
      const week = await service.changeWeek(db, actorOf(request), hours, ifMatchOf(request));
      return withEtag(reply, schema.presentWeek(week));
    },
  );

  app.get(
    '/v1/opening-hours/exceptions',
    {
      config: read,
      schema: {
        tags,
        summary: 'List special days, soonest first',
        querystring: schema.specialDayQuery,
        response: { 200: schema.specialDayPageSchema, ...reading },
      },
    },
    (request) => service.listSpecialDays(db, tenantOf(request), request.query, schema.presentSpecialDay),
  );

  app.post(
    '/v1/opening-hours/exceptions/import',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Import a list of special days',
        description: 'All of them or none. Days that are not in the list stay as they are.',
        body: schema.importSchema,
        response: { 200: schema.importedSchema, ...creating },
      },
    },
    (request) => {
      const days = request.body.days.map(({ date, ranges, reason }) => ({
        localDate: date,
        ranges: schema.parseRanges(ranges),
        reason,
      }));
      return service.importSpecialDays(db, actorOf(request), days);
    },
  );

  app.get(
    day,
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a special day',
        params: schema.dateParams,
        response: { 200: schema.specialDaySchema, ...reading },
      },
    },
    async (request, reply) => {
      const found = await service.getSpecialDay(db, tenantOf(request), request.params.date);
      return withEtag(reply, schema.presentSpecialDay(found));
    },
  );

  app.put(
    day,
    {
      config: write,
      schema: {
        tags,
        summary: 'Give a day hours of its own',
        params: schema.dateParams,
        body: schema.specialDayInputSchema,
        response: { 200: schema.specialDaySchema, ...changing },
      },
    },
    async (request, reply) => {
      const { ranges, reason } = request.body;
      const wanted = { localDate: request.params.date, ranges: schema.parseRanges(ranges), reason };
      const put = await service.putSpecialDay(db, actorOf(request), wanted, ifMatchOf(request));
      return withEtag(reply, schema.presentSpecialDay(put));
    },
  );

  app.delete(
    day,
    {
      config: write,
      schema: {
        tags,
        summary: 'Give a day the hours of its weekday again',
        params: schema.dateParams,
        response: { 204: z.null().describe('Removed.'), ...changing },
      },
    },
    async (request, reply) => {
      await service.removeSpecialDay(db, actorOf(request), request.params.date);
      return reply.code(204).send(null);
    },
  );
};
