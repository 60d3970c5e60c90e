import type { CallSid } from '../../business/tenancy/ids/ids.ts';

/** The carrier's webhooks about calls, and the instructions they are answered with. Implementations use memory only. */
export interface IncomingCalls {
  /** A call rings. Idempotent: the same call gets the same instructions. */
  ring(call: RingingCall): CarrierInstruction;
  /** The instructions after a media stream has closed, for whatever reason. */
  afterStream(callSid: CallSid): CarrierInstruction;
  /** A transfer has ended, answered or not. */
  transferEnded(callSid: CallSid, outcome: TransferOutcome): CarrierInstruction;
  /** The call is over at the carrier. Ignored for unknown calls and when repeated. */
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

/** An instruction to the carrier. */
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

/** Requests to the carrier outside a media stream. Both are safe on a call that is already over. */
export interface Carrier {
  hangUp(callSid: CallSid): Promise<void>;
  isLive(callSid: CallSid): Promise<boolean>;
}
