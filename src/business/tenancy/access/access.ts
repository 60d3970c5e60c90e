/** Authentication and authorisation of requests, and endpoints as values. */
export { formFile } from './accept-files.ts';
export * from './credentials.ts';
export * from './endpoint.ts';
export { replayIdempotentRequests } from './idempotency.ts';
export * from './key-cookie.ts';
export { guardRoutes } from './route-access.ts';
export { serveEndpoints } from './serve-endpoints.ts';
export * from './rest-resource.ts';
export * from './session-token.ts';
export { deleteIdempotencyKeysJob } from './expired-keys.ts';
export type { Access } from './route-access.ts';
