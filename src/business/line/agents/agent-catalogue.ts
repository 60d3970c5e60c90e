/** What an agent can be made of. The root fills it in: business knows no tool and no vendor by itself. */
export interface AgentCatalogue {
  readonly tools: readonly CatalogueTool[];
  /**
   * Voices that are good on the telephone. A voice of one's own is named by its id just the same: this is a list to
   * choose from, not of what is allowed.
   */
  readonly voices: readonly CatalogueVoice[];
}

export interface CatalogueTool {
  readonly name: string;
  /** As the model is told it. */
  readonly description: string;
  /** `call-control` steers a call, so it is offered on calls alone. */
  readonly effect: 'read' | 'write' | 'call-control';
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface CatalogueVoice {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  /** BCP 47; a voice marked `multi` speaks every language an agent can. */
  readonly language: string;
  readonly description: string;
}
