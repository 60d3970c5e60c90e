import type { CallSid } from '../../business/tenancy/ids/ids.ts';

/** What a carrier tells us about calls by webhook, and what it is told to do. Everything here answers from memory. */
export interface IncomingCalls {
  /** A call rings. Idempotent: the same call gets the same instructions. */
  ring(call: RingingCall): CarrierInstruction;
  /** The instructions that follow a media stream: it was closed, by us or by an accident. */
  afterStream(callSid: CallSid): CarrierInstruction;
  /** A transfer has come to its end, one way or the other. */
  transferEnded(callSid: CallSid, outcome: TransferOutcome): CarrierInstruction;
  /** The carrier says that the call is over. Unknown and repeated calls are fine. */
  callCompleted(callSid: CallSid): void;
}

export interface RingingCall {
  readonly callSid: CallSid;
  /** E.164, or undefined when withheld. */
  readonly from: string | undefined;
  /** The number dialled, E.164. */
  readonly to: string;
}

export type TransferOutcome = 'answered' | 'busy' | 'no-answer' | 'failed';

/** What the carrier does next with a call. */
export type CarrierInstruction =
  /** Open a media stream that presents `token`; when it ends, ask again. */
  | { readonly type: 'connect'; readonly token: string }
  /** Speak with the carrier's own voice and hang up. */
  | { readonly type: 'say'; readonly text: string; readonly language: string }
  /** Connect the caller to a person; then report the outcome. */
  | {
      readonly type: 'dial';
      readonly phone: string;
      readonly callerId: string;
      readonly timeoutSeconds: number;
    }
  | { readonly type: 'hang-up' };

/** What we may ask of the carrier outside a stream. Both are safe on a call that is already over. */
export interface Carrier {
  hangUp(callSid: CallSid): Promise<void>;
  isLive(callSid: CallSid): Promise<boolean>;
}
