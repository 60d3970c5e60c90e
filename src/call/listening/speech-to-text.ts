import type { RecognisedWord } from '../recognised-word.ts';
import type { VendorError } from '../../platform/process/errors.ts';

/**
 * Contract of a streaming recogniser that also detects turns. Every adapter, whatever its vendor's vocabulary, emits
 * `ready`, then per turn `turn-started` (always with words) → interims → optionally
 * (`turn-ended-eager` → `turn-resumed`)* → `turn-ended`; and at the very end exactly one `closed`.
 */
export interface SpeechToText {
  readonly vendor: string;
  /** Starts connecting at once; never throws. Failure arrives as `closed` with an error. */
  open(options: SpeechToTextOptions, listener: (event: SpeechToTextEvent) => void): SpeechToTextStream;
}

export interface SpeechToTextOptions {
  /** BCP 47, such as `en-US`. */
  readonly language: string;
  readonly keyterms: readonly string[];
  readonly endOfTurnThreshold: number;
  /** Undefined switches eager end of turn off. */
  readonly eagerEndOfTurnThreshold: number | undefined;
  readonly endOfTurnTimeoutMs: number;
}

export interface SpeechToTextStream {
  /** Sends mu-law 8 kHz. Ignored before `ready` (the listener buffers that audio) and after `close`. */
  send(mulaw: Uint8Array): void;
  /** Changes thresholds during the call, for instance while collecting digits. Ignored by vendors that cannot. */
  configure(
    thresholds: Partial<Pick<SpeechToTextOptions, 'endOfTurnThreshold' | 'endOfTurnTimeoutMs'>>,
  ): void;
  /** Closes the stream gracefully; idempotent. `closed` follows. */
  close(): void;
}

export type SpeechToTextEvent =
  /** The vendor has accepted the configuration; audio sent from now on is recognised. */
  | { readonly type: 'ready' }
  /** Any result, also an empty one, which shows that the recogniser works. */
  | { readonly type: 'heartbeat'; readonly audioMs: number }
  /** The vendor's own voice activity, before any words (Nova). A hint only. */
  | { readonly type: 'speech-started' }
  | { readonly type: 'turn-started'; readonly text: string }
  | { readonly type: 'transcript-interim'; readonly text: string }
  | { readonly type: 'turn-ended-eager'; readonly text: string }
  | { readonly type: 'turn-resumed' }
  | { readonly type: 'turn-ended'; readonly text: string; readonly words: readonly RecognisedWord[] }
  /** `error` is undefined after `close()`. */
  | { readonly type: 'closed'; readonly error: VendorError | undefined };
