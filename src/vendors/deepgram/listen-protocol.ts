import type {
  RecognisedWord,
  SpeechToTextEvent,
  SpeechToTextOptions,
} from '../../call/listening/listening.ts';
import type { IdleLimit } from '../vendor.ts';

/** What one of the vendor's two recognisers makes of its messages; the stream around it carries the steps out. */
export interface ListenProtocol {
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly idle: IdleLimit;
  /** Keeps the line open while there is nothing to send; undefined where only audio does. */
  readonly keepAliveMessage: string | undefined;
  opened(): readonly ProtocolStep[];
  /** One parsed message. Undefined when it made no sense. */
  accept(message: unknown, nowMs: number): readonly ProtocolStep[] | undefined;
  configure(thresholds: Thresholds, nowMs: number): readonly ProtocolStep[];
}

export type Thresholds = Partial<Pick<SpeechToTextOptions, 'endOfTurnThreshold' | 'endOfTurnTimeoutMs'>>;

/** Times as the vendor counts them, with the silence that was put in to keep the line open. */
export type VendorWord = RecognisedWord<number>;

export type ProtocolStep =
  | Exclude<SpeechToTextEvent, { type: 'closed' | 'turn-ended' }>
  | { readonly type: 'turn-ended'; readonly text: string; readonly words: readonly VendorWord[] }
  | { readonly type: 'send'; readonly message: string }
  | { readonly type: 'fail'; readonly message: string; readonly code: string; readonly isRetryable: boolean };

export function secondsToMs(seconds: number): number {
  return Math.round(seconds * 1_000);
}
