/** The door of access: who acts, what that actor may do, and the endpoints through which it is done. */
export {
  actorIdOf,
  actorOf,
  agentActor,
  type MemberActor,
  memberOrRefused,
  systemActor,
  type TenantActor,
  tenantOf,
} from './actor.ts';
export { Credentials, type KnownKey, type MemberClaims } from './credentials.ts';
export { type AnyEndpoint, type Endpoint, endpoint, pathId, rawEndpoint } from './endpoint.ts';
export { replayIdempotentRequests } from './idempotency.ts';
export { KEY_COOKIE, keyCookieOptions, keyCookieSeconds } from './key-cookie.ts';
export { permissions, permissionsOfMember } from './permissions.ts';
export { guardRoutes } from './route-access.ts';
export { serveEndpoints } from './serve-endpoints.ts';
export { SessionTokens } from './session-token.ts';
