/**
 * The door of calls: their record, written by ingest from the journals of live calls, read over REST, summed up and
 * deleted. The live call and the agent take the vocabulary of the journal from here.
 */
export { callEndpoints } from './call-endpoints.ts';
export { figuresExample } from './call-examples.ts';
export { callEvents } from './call-events.ts';
export { callHolding } from './call-holding.ts';
export { callerColumns } from './caller-number.ts';
export type {
  CallEvent,
  CallRecord,
  CallServices,
  CallUsage,
  EndedReason,
  TimedWord,
  ToolStatus,
  TurnLatency,
} from './call-record.ts';
export { callExists, type CallRow } from './call-queries.ts';
export { type CallDetail, getCall } from './call-service.ts';
export {
  type CallFigures,
  type CallRange,
  callsByDay,
  callStats,
  countByHour,
  countCallsSince,
  countTools,
  countTopics,
  figureFields,
  hasCallsOfAgent,
  readNumberUsage,
  sumCosts,
} from './figures/figures.ts';
export { finishCall, finishCallJob, type PriceTable, type TokenPrices } from './finish/finish.ts';
export { ingestRecords, SequenceGap } from './ingest/ingest.ts';
export { type LiveCalls, liveEndpoints, type LiveRecordFeed } from './live/live.ts';
export {
  deleteExpiredRecordingsJob,
  recordingKeyOf,
  recordingEndpoints,
  RecordingLinks,
} from './recordings/recordings.ts';
