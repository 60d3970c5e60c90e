import type { RecogniserChoice, VoiceChoice } from './agent-config.ts';

/** What an agent can be made of. The root fills it in: business knows no tool and no vendor by itself. */
export interface AgentCatalogue {
  readonly tools: readonly CatalogueTool[];
  /** Every recogniser; the first of a vendor is the one it is known for. */
  readonly recognisers: readonly CatalogueRecogniser[];
  /** Who can speak. */
  readonly speakers: readonly CatalogueSpeaker[];
  /**
   * Voices that are good on the telephone. A voice of one's own is named by its id just the same: this is a list to
   * choose from, not of what is allowed.
   */
  readonly voices: readonly CatalogueVoice[];
  /** What serves a language. */
  offerOf(language: string): LanguageOffer;
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

export interface CatalogueRecogniser {
  readonly provider: string;
  readonly model: string;
  /** Base languages, `en` for `en-US`. */
  readonly languages: readonly string[];
}

export interface CatalogueSpeaker {
  readonly provider: string;
  /** Base languages that one voice speaks. */
  languagesOf(voiceId: string): readonly string[];
}

/** What serves one language. */
export interface LanguageOffer {
  /** Base language, `en` for `en-US`. */
  readonly language: string;
  readonly recognisers: readonly RecogniserChoice[];
  readonly voices: readonly VoiceChoice[];
  /** What is not written in it: English is used instead. */
  readonly missing: readonly WrittenPart[];
}

export type WrittenPart = 'prompt' | 'chat-prompt' | 'phrases' | 'waiting-lines' | 'small-words';

/** A recogniser that is chosen without its model is the first of its vendor. */
export function findRecogniser<Recogniser extends Pick<CatalogueRecogniser, 'provider' | 'model'>>(
  recognisers: readonly Recogniser[],
  { provider, model }: RecogniserChoice,
): Recogniser | undefined {
  return recognisers.find((one) => one.provider === provider && one.model === (model ?? one.model));
}

export interface CatalogueVoice {
  readonly provider: string;
  readonly id: string;
  readonly name: string;
  /** BCP 47; a voice marked `multi` speaks every language an agent can. */
  readonly language: string;
  readonly description: string;
}
