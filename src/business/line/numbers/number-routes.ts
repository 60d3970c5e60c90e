import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { PhoneNumberId } from '../../tenancy/references/ids.ts';
import { toPage } from '../../../platform/data/paging.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { checkMatch, etagOf, ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { Unprocessable } from '../../../platform/process/errors.ts';
import { problemSchema } from '../../../platform/http/problem.ts';
import {
  buyNumber,
  configureNumber,
  importNumber,
  type NumberOrderDependencies,
  releaseNumber,
} from './carrier-orders.ts';
import { reportNumber } from './carrier-report.ts';
import {
  availableListSchema,
  availableQuery,
  numberChangesSchema,
  numberDetailSchema,
  numberListQuery,
  numberOrderSchema,
  numberPageSchema,
  numberSchema,
  numberStatusSchema,
  presentAvailable,
  presentDetail,
  presentNumber,
  presentReport,
} from './number.ts';
import { getNumber, listNumberViews, updateNumber, type ReadNumberUsage } from './number-service.ts';

export interface NumberRoutesDependencies {
  readonly readUsage: ReadNumberUsage;
  readonly numberOrders: NumberOrderDependencies;
}

const tags = ['Phone numbers'];
const read = { access: { permission: 'phone-numbers:read' } } as const;
const write = { access: { permission: 'phone-numbers:write' } } as const;
/** Where the carrier has to be asked, it may be away. */
const atCarrier = { 502: problemSchema };

function numberIdIn(text: string): PhoneNumberId {
  return idInPath('num', text, 'phone number');
}

/** A tenant's telephone numbers, from the carrier's shelf and back to it. */
export const numberRoutes: FastifyPluginAsyncZod<NumberRoutesDependencies> = async (
  app,
  { numberOrders, readUsage },
) => {
  const { db, carrier } = numberOrders;

  app.get(
    '/v1/phone-numbers/available',
    {
      config: read,
      schema: {
        tags,
        summary: 'Search the numbers that can be bought',
        querystring: availableQuery,
        response: { 200: availableListSchema, ...reading, 422: problemSchema, ...atCarrier },
      },
    },
    async ({ query }) => {
      const found = await carrier.searchAvailable(query);
      if (found === undefined) {
        throw new Unprocessable(`The carrier sells no ${query.type} numbers in ${query.country}.`, {
          code: 'number-type-not-sold',
        });
      }
      return { data: found.map(presentAvailable), nextCursor: null };
    },
  );

  app.post(
    '/v1/phone-numbers',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Buy a number',
        description:
          'Ordered exactly once, whatever breaks on the way. Usually it is `active` in the answer (201). Where the carrier has not confirmed it in time, the answer is 202 with the number `ordering`; it becomes `active` or `failed` by itself.',
        body: numberOrderSchema,
        response: { 201: numberSchema, 202: numberSchema, ...creating },
      },
    },
    async (request, reply) => {
      const number = await buyNumber(numberOrders, actorOf(request), request.body);
      return reply.code(number.status === 'active' ? 201 : 202).send(withEtag(reply, presentNumber(number)));
    },
  );

  app.post(
    '/v1/phone-numbers/import',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Import a number that the carrier’s account has already',
        description:
          'Its calls are announced here from then on. A number that answers elsewhere is refused: clear its voice URL at the carrier first.',
        body: numberOrderSchema,
        response: { 201: numberSchema, 202: numberSchema, ...creating, ...atCarrier },
      },
    },
    async (request, reply) => {
      const number = await importNumber(numberOrders, actorOf(request), request.body);
      return reply.code(number.status === 'active' ? 201 : 202).send(withEtag(reply, presentNumber(number)));
    },
  );

  app.get(
    '/v1/phone-numbers',
    {
      config: read,
      schema: {
        tags,
        summary: 'List numbers, newest first',
        querystring: numberListQuery,
        response: { 200: numberPageSchema, ...reading },
      },
    },
    async (request) => {
      const numbers = await listNumberViews(db, tenantOf(request), request.query);
      return toPage(numbers, request.query.limit, ({ id }) => [id], presentNumber);
    },
  );

  app.get(
    '/v1/phone-numbers/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one number, with its calls of the last thirty days',
        params: idParams,
        response: { 200: numberDetailSchema, ...reading },
      },
    },
    async (request, reply) => {
      const { number, usage } = await getNumber(
        db,
        tenantOf(request),
        numberIdIn(request.params.id),
        readUsage,
      );
      // Calls come in all the time; they are no change of the number.
      reply.header('etag', etagOf(presentNumber(number)));
      return presentDetail(number, usage);
    },
  );

  app.patch(
    '/v1/phone-numbers/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change the label of a number, and who answers it',
        params: idParams,
        body: numberChangesSchema,
        response: { 200: numberSchema, ...changing },
      },
    },
    async (request, reply) => {
      const ifMatch = ifMatchOf(request);
      const number = await updateNumber(
        db,
        actorOf(request),
        numberIdIn(request.params.id),
        request.body,
        (current) => checkMatch(ifMatch, presentNumber(current)),
      );
      return withEtag(reply, presentNumber(number));
    },
  );

  app.delete(
    '/v1/phone-numbers/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Release a number',
        description:
          'No longer answered from this moment, and given back to the carrier: `released`, or `releasing` while the carrier cannot be reached.',
        params: idParams,
        response: { 200: numberSchema, ...changing },
      },
    },
    async (request) =>
      presentNumber(await releaseNumber(numberOrders, actorOf(request), numberIdIn(request.params.id))),
  );

  app.post(
    '/v1/phone-numbers/:id/configure',
    {
      config: write,
      schema: {
        tags,
        summary: 'Have the carrier announce calls to this server',
        description: 'Done when a number is bought or imported; again when somebody has changed it there.',
        params: idParams,
        response: { 200: numberSchema, ...changing, ...atCarrier },
      },
    },
    async (request) =>
      presentNumber(await configureNumber(numberOrders, actorOf(request), numberIdIn(request.params.id))),
  );

  app.get(
    '/v1/phone-numbers/:id/status',
    {
      config: read,
      schema: {
        tags,
        summary: 'Ask whether calls to a number arrive',
        params: idParams,
        response: { 200: numberStatusSchema, ...reading, ...atCarrier },
      },
    },
    async (request) =>
      presentReport(await reportNumber(numberOrders, tenantOf(request), numberIdIn(request.params.id))),
  );
};
