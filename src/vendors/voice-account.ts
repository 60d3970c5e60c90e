/** A voice an account may use, whether the catalogue names it or not. */
export interface AccountVoice {
  readonly id: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly description: string;
}

/**
 * An account's voices over REST, by the vendor's own SDK. For commands, and never in a process that has calls: to load
 * an SDK stops the event loop for some hundred milliseconds (docs/decisions/0102-vendor-sdks.md).
 */
export interface VoiceAccount {
  listVoices(): Promise<readonly AccountVoice[]>;
  /** One text spoken once: mu-law, 8 kHz. */
  speak(voiceId: string, text: string): Promise<Buffer>;
}
