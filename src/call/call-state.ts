import type { EndedReason } from '../business/record/calls/calls.ts';
import type { MediaStream } from './transport/transport.ts';
import type { TransferTarget } from '../business/line/agents/agents.ts';

/** The phase of a call's life cycle. Each phase has only the fields that are valid in it. */
export type CallState =
  /** Answered by webhook; the carrier has not opened its stream yet. */
  | { readonly phase: 'ringing' }
  | { readonly phase: 'live'; readonly stream: MediaStream; readonly generation: number }
  /** The stream broke without a `stop`; the carrier may open another one. */
  | { readonly phase: 'detached'; readonly generation: number }
  /** The caller is being connected to a person, or talks to one. */
  | { readonly phase: 'transferring'; readonly generation: number; readonly target: TransferTarget }
  | { readonly phase: 'closed'; readonly reason: EndedReason };
