/** The door of finishing: what is made of a call when it is over. */
export { finishCall, finishCallJob, finishCallOf } from './finish-call.ts';
export type { PriceTable, TokenPrices } from './prices.ts';
