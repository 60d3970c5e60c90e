/** The door of the calls going on now, as they are listed, watched and ended over REST. */
export type { LiveCalls, LiveRecordFeed } from './live-calls.ts';
export { liveEndpoints } from './live-endpoints.ts';
