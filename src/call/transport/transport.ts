/** The door to the carrier: the contracts that its adapters fulfil. */
export type { Carrier, CarrierInstruction, IncomingCalls, RingingCall, TransferOutcome } from './carrier.ts';
export type { MediaStream, MediaStreamEvent } from './media-stream.ts';
