/** The door of phone numbers: which a business has, which agents answer them, and how the carrier is asked for them. */
export { listAnsweredNumbers, listLinks } from './answered-numbers.ts';
export { countNumbersOfAgent } from './link-queries.ts';
export type {
  AvailableNumber,
  NumberCarrier,
  NumberSearch,
  NumberType,
  NumberWebhooks,
  OrderOutcome,
  OwnedNumber,
} from './number-carrier.ts';
export { numberEndpoints } from './number-endpoints.ts';
export { numberEvents, numberLinkEvents } from './number-events.ts';
export { countActiveNumbers, countNumbers } from './number-figures.ts';
export { numberLinkEndpoints } from './number-link-endpoints.ts';
export { listActiveNumbers } from './number-queries.ts';
export { addNumber } from './number-service.ts';
export { settleNumbersJob } from './settle-unfinished.ts';
