import { problemSchema } from '../../../platform/http/problem.ts';
import { Unprocessable } from '../../../platform/process/errors.ts';
import { tenantActor } from '../../tenancy/actor/actor.ts';
import { answer, type AnyEndpoint, pathId, rawEndpoint } from '../../tenancy/access/access.ts';
import { availableListSchema, availableQuery, numberReportSchema } from './carrier-answers.ts';
import {
  buyNumber,
  configureNumber,
  importNumber,
  type NumberOrderDependencies,
  releaseNumber,
} from './carrier-orders.ts';
import { reportNumber } from './carrier-report.ts';
import { numberOrderSchema, numberSchema, type PhoneNumber } from './number.ts';
import type { NumberCarrier, NumberSearch } from './number-carrier.ts';

const tag = 'Phone numbers';
const id = pathId('num', 'phone number');
/** The carrier could not be reached, or failed. */
const atCarrier = { 502: problemSchema };

/** What the carrier is asked on the way, which no transaction waits for. */
export function carrierEndpoints(dependencies: NumberOrderDependencies): readonly AnyEndpoint[] {
  return [...orderEndpoints(dependencies), ...ownedEndpoints(dependencies)];
}

function orderEndpoints(dependencies: NumberOrderDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/phone-numbers/available',
      needs: 'phone-numbers:read',
      tag,
      summary: 'Search the numbers that can be bought',
      query: availableQuery,
      answers: { 200: availableListSchema, 422: problemSchema, ...atCarrier },
      handle: async ({ query }) => ({
        data: await searchAvailable(dependencies.carrier, query),
        nextCursor: null,
      }),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/phone-numbers',
      needs: 'phone-numbers:write',
      idempotent: true,
      tag,
      summary: 'Buy a number',
      description:
        'Ordered exactly once, whatever breaks on the way. Usually it is `active` in the answer (201). Where the carrier has not confirmed it in time, the answer is 202 with the number `ordering`; it becomes `active` or `failed` by itself.',
      body: numberOrderSchema,
      answers: { 201: numberSchema, 202: numberSchema },
      handle: async ({ actor, body }) => ordered(await buyNumber(dependencies, tenantActor(actor), body)),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/phone-numbers/import',
      needs: 'phone-numbers:write',
      idempotent: true,
      tag,
      summary: 'Import a number that the carrier’s account has already',
      description:
        'Its calls are announced here from then on. A number that answers elsewhere is refused: clear its voice URL at the carrier first.',
      body: numberOrderSchema,
      answers: { 201: numberSchema, 202: numberSchema, ...atCarrier },
      handle: async ({ actor, body }) => ordered(await importNumber(dependencies, tenantActor(actor), body)),
    }),
  ];
}

function ownedEndpoints(dependencies: NumberOrderDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/phone-numbers/:id',
      needs: 'phone-numbers:write',
      tag,
      summary: 'Release a number',
      description:
        'No longer answered from this moment, and given back to the carrier: `released`, or `releasing` while the carrier cannot be reached.',
      params: { id },
      answers: { 200: numberSchema },
      handle: ({ actor, params }) => releaseNumber(dependencies, tenantActor(actor), params.id),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/phone-numbers/:id/configure',
      needs: 'phone-numbers:write',
      tag,
      summary: 'Have the carrier announce calls to this server',
      description: 'Done when a number is bought or imported; again when somebody has changed it there.',
      params: { id },
      answers: { 200: numberSchema, ...atCarrier },
      handle: ({ actor, params }) => configureNumber(dependencies, tenantActor(actor), params.id),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/phone-numbers/:id/status',
      needs: 'phone-numbers:read',
      tag,
      summary: 'Ask whether calls to a number arrive',
      params: { id },
      answers: { 200: numberReportSchema, ...atCarrier },
      handle: ({ actor, params }) => reportNumber(dependencies, tenantActor(actor), params.id),
    }),
  ];
}

async function searchAvailable(carrier: NumberCarrier, search: NumberSearch) {
  const found = await carrier.searchAvailable(search);
  if (found === undefined) {
    throw new Unprocessable(`The carrier sells no ${search.type} numbers in ${search.country}.`, {
      code: 'number-type-not-sold',
    });
  }
  return found.map(({ number, ...rest }) => ({ phoneNumber: number, ...rest }));
}

/** 202 for what the carrier has not confirmed yet. */
function ordered(number: PhoneNumber) {
  return answer(number.status === 'active' ? 201 : 202, number);
}
