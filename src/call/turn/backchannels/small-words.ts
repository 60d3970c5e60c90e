/** Short utterances of a language that never, or always, interrupt the agent. */
export interface SmallWords {
  /** Acknowledgements, hesitations and farewells, which never ask the agent to stop. */
  readonly backchannels: readonly string[];
  /** Requests to stop, such as "wait". */
  readonly commands: readonly string[];
  /** Questions such as "Is anybody there?" */
  readonly prompts: readonly string[];
}
