import type { AnyEndpoint } from '../../tenancy/access/access.ts';
import { jobEndpoints } from './job-endpoints.ts';
import { overviewEndpoints } from './overview-endpoints.ts';
import { accountEndpoints } from './staff-endpoints.ts';
import type { StaffSignInDependencies } from './staff-sessions.ts';
import { tenantEndpoints, type TenantEndpointDependencies } from './tenant-endpoints.ts';

/* The platform's staff: their accounts, what they see, and what they may do. */

export { recordImpersonatedRequests } from './impersonation.ts';
export { impersonationEvents } from './impersonation-events.ts';
export type { CallsOfDay, PlatformFigures, Span } from './platform-overview.ts';
export { staffActionProcessor } from './staff-actions.ts';
export { findStaffActor } from './staff-actor.ts';
export { createStaff } from './staff-service.ts';

export function staffEndpoints(
  dependencies: StaffSignInDependencies & TenantEndpointDependencies,
): readonly AnyEndpoint[] {
  return [
    ...accountEndpoints(dependencies),
    ...tenantEndpoints(dependencies),
    ...overviewEndpoints(dependencies),
    ...jobEndpoints(dependencies),
  ];
}
