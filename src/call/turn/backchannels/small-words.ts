/** The small words of a language that are not, or always, meant to take the floor. */
export interface SmallWords {
  /** "I am listening, go on", hesitations, and farewells: they never mean that the other should stop talking. */
  readonly backchannels: readonly string[];
  /** "Be quiet now". */
  readonly commands: readonly string[];
  /** "Is anybody there?" */
  readonly prompts: readonly string[];
}
