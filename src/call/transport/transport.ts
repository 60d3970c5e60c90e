/** The contracts that adapters of a carrier fulfil. */
export type { Carrier, CarrierInstruction, IncomingCalls, RingingCall, TransferOutcome } from './carrier.ts';
export type { MediaStream, MediaStreamEvent } from './media-stream.ts';
