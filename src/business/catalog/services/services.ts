/** Services: what can be booked, its duration, and who performs it. */
export type { Service } from './service.ts';
export { changeService, createService } from './change-services.ts';
export { serviceEndpoints } from './service-endpoints.ts';
export { serviceEvents } from './service-events.ts';
export {
  getOfferedService,
  getService,
  listOfferedServices,
  listPerformers,
  serviceNames,
} from './service-queries.ts';
