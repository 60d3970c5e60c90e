import { z } from 'zod';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import {
  newServiceSchema,
  serviceChangesSchema,
  servicePageSchema,
  serviceQuery,
  serviceSchema,
} from './service.ts';
import { changeService, createService, removeService } from './change-services.ts';
import { getService, listServices } from './service-queries.ts';

const tag = 'Services';
const id = pathId('svc', 'service');

export const serviceEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/services',
    needs: 'services:read',
    tag,
    summary: 'List services by name',
    query: serviceQuery,
    answers: { 200: servicePageSchema },
    handle: ({ tx, query }) => listServices(tx, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/services',
    needs: 'services:write',
    idempotent: true,
    tag,
    summary: 'Add a service',
    body: newServiceSchema,
    answers: { 201: serviceSchema },
    handle: ({ tx, actor, body }) => createService(tx, actor, body),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/services/:id',
    needs: 'services:read',
    tag,
    summary: 'Read a service',
    params: { id },
    answers: { 200: serviceSchema },
    handle: ({ tx, params }) => getService(tx, params.id),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/services/:id',
    needs: 'services:write',
    tag,
    summary: 'Change a service',
    params: { id },
    body: serviceChangesSchema,
    answers: { 200: serviceSchema },
    handle: ({ tx, actor, params, body, ifMatch }) =>
      changeService(tx, actor, params.id, { changes: body, ifMatch }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/services/:id',
    needs: 'services:write',
    tag,
    summary: 'Remove a service',
    params: { id },
    answers: { 204: z.null().describe('Removed; or archived, where there are bookings that name it.') },
    async handle({ tx, actor, params }) {
      await removeService(tx, actor, params.id);
      return null;
    },
  }),
];
