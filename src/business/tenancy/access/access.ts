/** The door of access: who acts, what that actor may do, and the endpoints through which it is done. */
export { actorIdOf, actorOf, type MemberActor, systemActor, type TenantActor, tenantOf } from './actor.ts';
export { Credentials, type KnownKey, type MemberClaims } from './credentials.ts';
export { type AnyEndpoint, endpoint, pathId, rawEndpoint } from './endpoint.ts';
export { replayIdempotentRequests } from './idempotency.ts';
export { KEY_COOKIE, keyCookieOptions, keyCookieSeconds } from './key-cookie.ts';
export { permissions, permissionsOfMember } from './permissions.ts';
export { guardRoutes } from './route-access.ts';
export { serveEndpoints } from './serve-endpoints.ts';
export { SessionTokens } from './session-token.ts';
