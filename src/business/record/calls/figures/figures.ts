/** The door of the figures of calls: statistics, and what other rooms count. */
export {
  type CallRange,
  countByHour,
  countTools,
  countTopics,
  hasCallsOfAgent,
  readNumberUsage,
  sumCosts,
} from './call-figures.ts';
export { type CallFigures, callStats } from './call-stats.ts';
export { callStatsSchema, figureFields, statsQuery } from './stats-schema.ts';
export { callsByDay, countCallsSince } from './platform-calls.ts';
