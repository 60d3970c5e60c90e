import type { EndedReason } from '../business/record/calls/calls.ts';
import type { MediaStream } from './transport/transport.ts';
import type { TransferTarget } from '../business/line/agents/agents.ts';

/** Where a call is in its life. Fields exist only where they mean something. */
export type CallState =
  /** Answered by webhook; the carrier has not opened its stream yet. */
  | { readonly phase: 'ringing' }
  | { readonly phase: 'live'; readonly stream: MediaStream; readonly generation: number }
  /** The stream broke without a word: the carrier may come back for another one. */
  | { readonly phase: 'detached'; readonly generation: number }
  /** The caller is being connected to a person, or talks to one. */
  | { readonly phase: 'transferring'; readonly generation: number; readonly target: TransferTarget }
  | { readonly phase: 'closed'; readonly reason: EndedReason };
