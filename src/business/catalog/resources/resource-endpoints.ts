import { z } from 'zod';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import {
  newResourceSchema,
  resourceChangesSchema,
  resourcePageSchema,
  resourceQuery,
  resourceSchema,
} from './resource.ts';
import {
  changeResource,
  createResource,
  getResource,
  listResources,
  removeResource,
} from './resource-service.ts';

const tag = 'Resources';
const id = pathId('rsc', 'resource');

export const resourceEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/resources',
    needs: 'services:read',
    tag,
    summary: 'List resources (who or what performs services) by name',
    query: resourceQuery,
    answers: { 200: resourcePageSchema },
    handle: ({ tx, query }) => listResources(tx, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/resources',
    needs: 'services:write',
    idempotent: true,
    tag,
    summary: 'Add a resource',
    body: newResourceSchema,
    answers: { 201: resourceSchema },
    handle: ({ tx, actor, body }) => createResource(tx, actor, body),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/resources/:id',
    needs: 'services:read',
    tag,
    summary: 'Read a resource',
    params: { id },
    answers: { 200: resourceSchema },
    handle: ({ tx, params }) => getResource(tx, params.id),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/resources/:id',
    needs: 'services:write',
    tag,
    summary: 'Change a resource',
    params: { id },
    body: resourceChangesSchema,
    answers: { 200: resourceSchema },
    handle: ({ tx, actor, params, body, ifMatch }) =>
      changeResource(tx, actor, params.id, { changes: body, ifMatch }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/resources/:id',
    needs: 'services:write',
    tag,
    summary: 'Remove a resource',
    params: { id },
    answers: { 204: z.null().describe('Removed; or archived, where there are bookings that name it.') },
    async handle({ tx, actor, params }) {
      await removeResource(tx, actor, params.id);
      return null;
    },
  }),
];
