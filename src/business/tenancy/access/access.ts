/** The door of access: who acts, what that actor may do, and the endpoints through which it is done. */
export * from './actor.ts';
export * from './credentials.ts';
export * from './endpoint.ts';
export { replayIdempotentRequests } from './idempotency.ts';
export * from './key-cookie.ts';
export * from './permissions.ts';
export { guardRoutes } from './route-access.ts';
export { serveEndpoints } from './serve-endpoints.ts';
export * from './session-token.ts';
