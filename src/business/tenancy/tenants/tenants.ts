/** The door of tenants: the businesses of the platform, their profile and whether they are suspended. */
export { tenantSuspended } from './suspended.ts';
export { tenantEvents } from './tenant-events.ts';
export {
  findTenantProfile,
  lockTenantProfile,
  type TenantProfile,
  type TenantProfileChanges,
  updateTenantProfile,
} from './tenant-profile.ts';
export {
  createTenant,
  findTenantBySlug,
  findTenants,
  getTenant,
  isSuspended,
  isTimeZone,
} from './tenant-service.ts';
