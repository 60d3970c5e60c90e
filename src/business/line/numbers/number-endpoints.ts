import { type AnyEndpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import { carrierEndpoints } from './carrier-endpoints.ts';
import type { NumberOrderDependencies } from './carrier-orders.ts';
import {
  numberChangesSchema,
  numberDetailSchema,
  numberListQuery,
  numberPageSchema,
  numberSchema,
} from './number.ts';
import { listNumbers } from './number-queries.ts';
import { changeNumber, getNumberDetail, type ReadNumberUsage } from './number-service.ts';

export interface NumberEndpointsDependencies extends NumberOrderDependencies {
  readonly readUsage: ReadNumberUsage;
}

const tag = 'Phone numbers';
const id = pathId('num', 'phone number');

/** A tenant's phone numbers, from the carrier and back to it. */
export function numberEndpoints(dependencies: NumberEndpointsDependencies): readonly AnyEndpoint[] {
  return [
    ...carrierEndpoints(dependencies),
    endpoint({
      method: 'GET',
      path: '/v1/phone-numbers',
      needs: 'phone-numbers:read',
      tag,
      summary: 'List numbers, newest first',
      query: numberListQuery,
      answers: { 200: numberPageSchema },
      handle: ({ tx, query }) => listNumbers(tx, query),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/phone-numbers/:id',
      needs: 'phone-numbers:read',
      tag,
      summary: 'Read one number, with its calls of the last thirty days',
      params: { id },
      answers: { 200: numberDetailSchema },
      handle: ({ tx, params }) => getNumberDetail(tx, params.id, dependencies.readUsage),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/phone-numbers/:id',
      needs: 'phone-numbers:write',
      tag,
      summary: 'Change the label of a number, and who answers it',
      params: { id },
      body: numberChangesSchema,
      answers: { 200: numberSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeNumber(tx, actor, params.id, { changes: body, ifMatch }),
    }),
  ];
}
