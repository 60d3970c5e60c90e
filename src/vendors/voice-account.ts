/** A voice that an account may use, in the catalogue or not. */
export interface AccountVoice {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly description: string;
}

/**
 * An account's voices over REST, by the vendor's own SDK. For commands, and never in a process that has calls: to load
 * an SDK blocks the event loop for some hundred milliseconds (docs/decisions/0102-vendor-sdks.md).
 */
export interface VoiceAccount {
  listVoices(): Promise<readonly AccountVoice[]>;
  /** Synthesises one text: mu-law, 8 kHz. */
  speak(voiceId: string, text: string): Promise<Buffer>;
}
