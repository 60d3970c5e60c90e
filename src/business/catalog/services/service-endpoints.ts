import { z } from 'zod';
import { pathId, restResource } from '../../tenancy/access/access.ts';
import {
  newServiceSchema,
  serviceChangesSchema,
  servicePageSchema,
  serviceQuery,
  serviceSchema,
} from './service.ts';
import { changeService, createService, removeService } from './change-services.ts';
import { getService, listServices } from './service-queries.ts';

const services = restResource({
  path: '/v1/services',
  id: pathId('svc', 'service'),
  tag: 'Services',
  permission: 'services',
  row: serviceSchema,
});

export const serviceEndpoints = [
  services.list('List services by name', {
    query: serviceQuery,
    page: servicePageSchema,
    handle: listServices,
  }),
  services.create('Add a service', { body: newServiceSchema, handle: createService }),
  services.read('Read a service', { handle: getService }),
  services.change('Change a service', { body: serviceChangesSchema, handle: changeService }),
  services.remove('Remove a service', {
    answers: { 204: z.null().describe('Removed; or archived, where there are bookings that name it.') },
    handle: removeService,
  }),
];
