import type { SpokenCharacter, SpokenWord } from './word-timing.ts';

/** `carrier` reads `<Say>`; `person` is somebody a call is transferred to. */
export type SpeakingVoice = 'caller' | 'agent' | 'carrier' | 'person';

/** Audible speech of a text. It begins with the first sound and ends with the last; shared, so never written to. */
export interface SynthesisedSpeech {
  /** 8 kHz. */
  readonly mulaw: Uint8Array;
  /** The text split at white space, punctuation attached. Start times increase. */
  readonly words: readonly SpokenWord[];
  /** Every character (code point) of the text in order, without gaps in time between neighbours. */
  readonly characters: readonly SpokenCharacter[];
  readonly durationMs: number;
}
