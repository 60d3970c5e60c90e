/** What an agent can be made of. The agent shelf fills it in: business knows no tool by itself. */
export interface AgentCatalogue {
  readonly tools: readonly CatalogueTool[];
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
  readonly provider: 'elevenlabs' | 'deepgram';
  readonly id: string;
  readonly name: string;
  /** BCP 47; a voice marked `multi` speaks every language an agent can. */
  readonly language: string;
  readonly description: string;
}

/**
 * Voices that are good on the telephone. A voice of one's own is named by its id just the same: this is a list to
 * choose from, not of what is allowed.
 */
export const voices: readonly CatalogueVoice[] = [
  voice('elevenlabs', '21m00Tcm4TlvDq8ikWAM', 'Rachel', 'multi', 'Calm and clear.'),
  voice('elevenlabs', 'EXAVITQu4vr4xnSDxMaL', 'Sarah', 'multi', 'Warm and confident.'),
  voice('elevenlabs', 'JBFqnCBsd6RMkjVDRZzb', 'George', 'multi', 'Warm, British.'),
  voice('elevenlabs', 'pNInz6obpgDQGcFmaJgB', 'Adam', 'multi', 'Deep and even.'),
  voice('deepgram', 'aura-2-thalia-en', 'Thalia', 'en-US', 'Clear, confident and lively.'),
  voice('deepgram', 'aura-2-andromeda-en', 'Andromeda', 'en-US', 'Casual and expressive.'),
  voice('deepgram', 'aura-2-apollo-en', 'Apollo', 'en-US', 'Confident and comfortable.'),
  voice('deepgram', 'aura-2-helena-en', 'Helena', 'en-US', 'Caring and natural.'),
  voice('deepgram', 'aura-2-draco-en', 'Draco', 'en-GB', 'Warm and approachable.'),
  voice('deepgram', 'aura-2-celeste-es', 'Celeste', 'es', 'Clear and energetic.'),
  voice('deepgram', 'aura-2-viktoria-de', 'Viktoria', 'de', 'Cheerful and natural.'),
  voice('deepgram', 'aura-2-agathe-fr', 'Agathe', 'fr', 'Charismatic and cheerful.'),
];

function voice(
  provider: CatalogueVoice['provider'],
  id: string,
  name: string,
  language: string,
  description: string,
): CatalogueVoice {
  return { provider, id, name, language, description };
}
