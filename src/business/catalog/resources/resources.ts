/** Resources: people and things that perform services, one booking at a time. */
export { resourceEndpoints } from './resource-endpoints.ts';
export { resourceEvents } from './resource-events.ts';
export {
  countResources,
  listActiveResources,
  listAllResources,
  type NamedResource,
  resourceNames,
} from './resource-queries.ts';
export { changeResource, createResource, listResources } from './resource-service.ts';
