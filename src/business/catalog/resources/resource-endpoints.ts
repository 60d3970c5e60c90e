import { z } from 'zod';
import { pathId, restResource } from '../../tenancy/access/access.ts';
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

const resources = restResource({
  path: '/v1/resources',
  id: pathId('rsc', 'resource'),
  tag: 'Resources',
  permission: 'services',
  row: resourceSchema,
});

export const resourceEndpoints = [
  resources.list('List resources (who or what performs services) by name', {
    query: resourceQuery,
    page: resourcePageSchema,
    handle: listResources,
  }),
  resources.create('Add a resource', { body: newResourceSchema, handle: createResource }),
  resources.read('Read a resource', { handle: getResource }),
  resources.change('Change a resource', { body: resourceChangesSchema, handle: changeResource }),
  resources.remove('Remove a resource', {
    answers: { 204: z.null().describe('Removed; or archived, where there are bookings that name it.') },
    handle: removeResource,
  }),
];
