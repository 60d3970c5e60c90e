/** Synthesised speech before the conversion to telephone quality. */
export interface RawSpeech {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
  /** Where the voice says it begins a word, in order of time; a word may be missing or begin several times. */
  readonly wordStarts: readonly {
    /** In code points of the text, from 0. */
    readonly characterIndex: number;
    readonly atMs: number;
  }[];
}
