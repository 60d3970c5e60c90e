/** Events: how a domain declares, records and processes them. */
export * from './domain-event.ts';
export * from './event-type.ts';
export { happened } from './happened.ts';
export * from './processor.ts';
export { dispatch } from './dispatch.ts';
export { eraseEventDetails, removeStreams } from './erase-details.ts';
export {
  type NewEvent,
  type StoredEvent,
  type StreamEvent,
  appendEvents,
  listStream,
  readEvents,
} from './event-record.ts';
export { processEventJob } from './process-events.ts';
export type { SystemTx, Tenancy, Tx } from './tx.ts';
export { type EventPlace, lastEvent, lastHandled } from './processor-progress.ts';
export { ReplayFailed, replayEvents } from './replay-events.ts';
