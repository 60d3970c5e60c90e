/** The words of a language that indicate a dictation, during which pauses do not end the turn [T37]. */
export interface DictationWords {
  /** Nouns in a question that ask for a dictation, such as number, name or address. */
  readonly subjects: readonly string[];
  /** Verbs that ask for a dictation without a question, such as "spell". */
  readonly requests: readonly string[];
  /** Numbers in words, and what is said between them ("double", "dash"). */
  readonly numbers: readonly string[];
}
