import type { VendorError } from '../../platform/process/errors.ts';

/** Contract of a streaming synthesiser of mu-law 8 kHz. One session serves one call; one utterance is one reply. */
export interface TextToSpeech {
  readonly vendor: string;
  /**
   * Starts connecting at once; never throws. `onClosed` is called exactly once, with an error unless `close()` was
   * called.
   */
  open(options: TextToSpeechOptions, onClosed: (error: VendorError | undefined) => void): TextToSpeechSession;
}

export interface TextToSpeechOptions {
  readonly voiceId: string;
  /** BCP 47. */
  readonly language: string;
  /** 1 is the voice's own pace. */
  readonly speed: number;
}

export interface TextToSpeechSession {
  /** Opens an utterance. Several may be open at once; the adapter handles the vendor's limit. */
  begin(listener: (event: UtteranceEvent) => void): Utterance;
  /** Closes the socket and every utterance without further events; idempotent. */
  close(): void;
}

export interface Utterance {
  /** Adds a clause or sentence to be spoken after what was pushed before. Sent as soon as the vendor is ready. */
  push(text: string): void;
  /** No more text: `ended` follows the last audio. */
  end(): void;
  /** Drops the rest; no event follows. Idempotent. */
  cancel(): void;
}

/** Events come in order; `ended` or `failed` is the last. */
export type UtteranceEvent =
  | { readonly type: 'audio'; readonly mulaw: Uint8Array }
  /**
   * When characters of the pushed text are spoken. `startMs` counts from the utterance's first byte of audio.
   * Characters are those pushed, in order, each exactly once over the whole utterance.
   */
  | { readonly type: 'alignment'; readonly characters: readonly AlignedCharacter[] }
  /** All audio of the n-th pushed text (from 0) has been delivered; only from vendors that report it. */
  | { readonly type: 'text-spoken'; readonly index: number }
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: VendorError };

export interface AlignedCharacter {
  readonly character: string;
  readonly startMs: number;
  readonly endMs: number;
}
