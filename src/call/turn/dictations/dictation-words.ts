/** How a language speaks of what is dictated piece by piece, with pauses that do not end the turn [T37]. */
export interface DictationWords {
  /** What a question asks for: a number, a name, an address. */
  readonly subjects: readonly string[];
  /** "Spell": asks for a dictation without being a question. */
  readonly requests: readonly string[];
  /** Numbers in words, and what is said between them ("double", "dash"). */
  readonly numbers: readonly string[];
}
