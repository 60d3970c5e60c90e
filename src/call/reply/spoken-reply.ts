import type { TimedWord } from '../../business/record/calls/call-event.ts';

/**
 * One reply on its way to the caller's ear. Text goes in, audio goes to the carrier, and at any moment it can say what
 * was heard. Only the current reply of a call ever reaches the carrier.
 */
export interface SpokenReply {
  readonly replyId: string;
  /** Model text, in pieces of any size; cut into speakable chunks inside. */
  pushText(delta: string): void;
  /** Says ready audio next (a phrase, the greeting), or synthesises `text` where there is none. */
  pushPhrase(text: string, mulaw: Uint8Array | undefined): void;
  /** No more text or phrases: `finished` follows when all has been played. */
  endText(): void;
  /** Lets a held (speculative) reply go to the voice and the ear. No effect when not held. */
  release(): void;
  /** Stops at the ear, keeping what is unheard. Clears the carrier synchronously. No effect when nothing is playing. */
  pause(): void;
  /** Goes on at the first unheard sample. */
  resume(): void;
  /** Cuts for good: clears the carrier synchronously, drops the voice's work, and tells what was heard. Idempotent. */
  interrupt(): HeardReply;
  /** What was heard so far. */
  heard(): HeardReply;
}

export interface HeardReply {
  /** All text handed in, spoken or not. */
  readonly generatedText: string;
  /** The original text up to the last word heard. */
  readonly heardText: string;
  readonly heardMs: number;
  /** True when everything was heard, or all but the last 300 ms. */
  readonly complete: boolean;
  /** Every word of the text given to the voice, with its place on the call's media clock. */
  readonly words: readonly TimedWord[];
}

export type SpokenReplyEvent =
  /** The first speakable chunk has been handed to the voice (or ready audio was used). */
  | { readonly type: 'voice-requested' }
  | { readonly type: 'text-chunk'; readonly text: string }
  | { readonly type: 'voice-answered' }
  /** The first audio has gone to the carrier. */
  | { readonly type: 'audible' }
  /** Everything was played (last mark acknowledged, or its deadline passed). */
  | { readonly type: 'finished' }
  /** No voice could say it: nothing more will come. What was heard before stays heard. */
  | { readonly type: 'failed'; readonly detail: string }
  | {
      readonly type: 'fault';
      readonly kind: 'tts.failover' | 'tts.exhausted';
      readonly vendor: string;
      readonly detail: string;
      readonly gapMs: number | undefined;
    };
