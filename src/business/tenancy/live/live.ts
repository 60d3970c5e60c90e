/** The door of what is watched as it happens: committed events, and the streams that carry them. */
export { eventStreamEndpoints } from './event-stream-endpoints.ts';
export { LiveEvents } from './live-events.ts';
export { TenantStreams } from './tenant-streams.ts';
