/** Live streams: committed events, and server-sent event streams per tenant. */
export { eventStreamEndpoints } from './event-stream-endpoints.ts';
export { LiveEvents } from './live-events.ts';
export { TenantStreams } from './tenant-streams.ts';
