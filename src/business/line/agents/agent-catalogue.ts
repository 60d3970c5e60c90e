import type { z } from 'zod';
import type { RecogniserChoice, VoiceChoice } from './agent-config.ts';
import type { toolSchema, voiceSchema } from './catalogue-answers.ts';

/** What an agent can be made of. The root fills it in, because the business knows no tool and no vendor by itself. */
export interface AgentCatalogue {
  readonly tools: readonly CatalogueTool[];
  /** Every recogniser; the first of a vendor is its default. */
  readonly recognisers: readonly CatalogueRecogniser[];
  /** Vendors whose voices speak. */
  readonly speakers: readonly CatalogueSpeaker[];
  /** Voices that are good on the telephone, to choose from. An agent may name others by their ids. */
  readonly voices: readonly CatalogueVoice[];
  /** What serves a language. */
  offerOf(language: string): LanguageOffer;
}

export type CatalogueTool = Readonly<z.output<typeof toolSchema>>;
export type CatalogueVoice = Readonly<z.output<typeof voiceSchema>>;

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
  /** Texts that are not written in it; English is used instead. */
  readonly missing: readonly WrittenPart[];
}

export type WrittenPart = 'prompt' | 'chat-prompt' | 'phrases' | 'waiting-lines' | 'small-words';

/** The recogniser of a choice; without a model it is the vendor's first. */
export function findRecogniser<Recogniser extends Pick<CatalogueRecogniser, 'provider' | 'model'>>(
  recognisers: readonly Recogniser[],
  { provider, model }: RecogniserChoice,
): Recogniser | undefined {
  return recognisers.find((one) => one.provider === provider && one.model === (model ?? one.model));
}
