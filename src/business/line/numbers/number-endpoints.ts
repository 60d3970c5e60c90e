import { type AnyEndpoint, pathId, restResource } from '../../tenancy/access/access.ts';
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

const numbers = restResource({
  path: '/v1/phone-numbers',
  id: pathId('num', 'phone number'),
  tag: 'Phone numbers',
  permission: 'phone-numbers',
  row: numberSchema,
});

/** A tenant's phone numbers, from the carrier and back to it. */
export function numberEndpoints(dependencies: NumberEndpointsDependencies): readonly AnyEndpoint[] {
  return [
    ...carrierEndpoints(dependencies),
    numbers.list('List numbers, newest first', {
      query: numberListQuery,
      page: numberPageSchema,
      handle: listNumbers,
    }),
    numbers.read('Read one number, with its calls of the last thirty days', {
      answers: { 200: numberDetailSchema },
      handle: (tx, id) => getNumberDetail(tx, id, dependencies.readUsage),
    }),
    numbers.change('Change the label of a number, and who answers it', {
      body: numberChangesSchema,
      handle: changeNumber,
    }),
  ];
}
