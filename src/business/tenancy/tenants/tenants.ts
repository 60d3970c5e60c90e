/** Tenants: the businesses of the platform, their profile and suspension. */
export { tenantSuspended } from './suspended.ts';
export {
  countNewTenants,
  countTenants,
  getListedTenant,
  type ListedTenant,
  listTenants,
  restoreTenant,
  suspendTenant,
} from './tenant-directory.ts';
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
  listBusinesses,
} from './tenant-service.ts';
