import type {
  RecognisedWord,
  SpeechToTextEvent,
  SpeechToTextOptions,
} from '../../call/listening/listening.ts';
import type { IdleLimit } from '../vendor.ts';

/** Translates messages of one of the vendor's two recognisers into steps, which the stream carries out. */
export interface ListenProtocol {
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly idle: IdleLimit;
  /** Message that keeps the connection alive; undefined if only audio does. */
  readonly keepAliveMessage: string | undefined;
  opened(): readonly ProtocolStep[];
  /** Handles one parsed message; undefined if it is malformed. */
  accept(message: unknown, nowMs: number): readonly ProtocolStep[] | undefined;
  configure(thresholds: Thresholds, nowMs: number): readonly ProtocolStep[];
}

export type Thresholds = Partial<Pick<SpeechToTextOptions, 'endOfTurnThreshold' | 'endOfTurnTimeoutMs'>>;

/** Times on the recogniser's clock, which includes silence sent to keep the connection alive. */
export type VendorWord = RecognisedWord<number>;

export type ProtocolStep =
  | Exclude<SpeechToTextEvent, { type: 'closed' | 'turn-ended' }>
  | { readonly type: 'turn-ended'; readonly text: string; readonly words: readonly VendorWord[] }
  | { readonly type: 'send'; readonly message: string }
  | { readonly type: 'fail'; readonly message: string; readonly code: string; readonly isRetryable: boolean };

export function secondsToMs(seconds: number): number {
  return Math.round(seconds * 1_000);
}
