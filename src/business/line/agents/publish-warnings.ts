import { type AgentCatalogue, findRecogniser, type LanguageOffer } from './agent-catalogue.ts';
import type { AgentConfig } from './agent-config.ts';

export const warningCodes = ['recogniser-language', 'voice-language', 'english-text'] as const;

/** Something that will work less well than expected. An agent is published in spite of it. */
export interface PublishWarning {
  readonly code: (typeof warningCodes)[number];
  /** JSON Pointer into the configuration. */
  readonly pointer: string;
  readonly detail: string;
}

/** Warnings of what the languages of an agent lack. */
export function languageWarnings(config: AgentConfig, catalogue: AgentCatalogue): PublishWarning[] {
  return [
    ...warningsFor(config, config.language, '/language', catalogue),
    ...config.otherLanguages.flatMap((language, index) =>
      warningsFor(config, language, `/otherLanguages/${index}`, catalogue),
    ),
  ];
}

function warningsFor(
  config: AgentConfig,
  language: string,
  pointer: string,
  catalogue: AgentCatalogue,
): PublishWarning[] {
  const offer = catalogue.offerOf(language);
  return [
    ...recogniserWarnings(config, offer, pointer, catalogue),
    ...voiceWarnings(config, offer, catalogue),
    ...textWarnings(offer, pointer),
  ];
}

/** One recogniser that knows the language is enough, because it is chosen before the others. */
function recogniserWarnings(
  { recognisers }: AgentConfig,
  { language, recognisers: able }: LanguageOffer,
  pointer: string,
  catalogue: AgentCatalogue,
): PublishWarning[] {
  const isHeard = recognisers.some((choice) =>
    findRecogniser(catalogue.recognisers, choice)?.languages.includes(language),
  );
  if (isHeard) return [];
  const names = able.map(({ provider, model }) => `${provider} with ${model}`);
  const remedy = names.length === 0 ? 'no recogniser here does' : `choose ${names.join(' or ')}`;
  const detail = `None of the agent's recognisers understands ${language}; ${remedy}.`;
  return [{ code: 'recogniser-language', pointer, detail }];
}

function voiceWarnings(
  { voices }: AgentConfig,
  { language, voices: able }: LanguageOffer,
  { speakers }: AgentCatalogue,
): PublishWarning[] {
  return voices.flatMap(({ provider, voiceId }, index) => {
    const languages = speakers.find((speaker) => speaker.provider === provider)?.languagesOf(voiceId) ?? [];
    if (languages.includes(language)) return [];
    const others = able.filter((voice) => voice.provider === provider).map((voice) => voice.voiceId);
    const remedy = others.length === 0 ? '' : `; ${others.slice(0, 3).join(' and ')} would`;
    const detail = `The voice ${voiceId} of ${provider} does not speak ${language}${remedy}.`;
    return [{ code: 'voice-language' as const, pointer: `/voices/${index}`, detail }];
  });
}

function textWarnings({ language, missing }: LanguageOffer, pointer: string): PublishWarning[] {
  if (missing.length === 0) return [];
  const parts = missing.map((part) => part.replaceAll('-', ' ')).join(', ');
  return [
    { code: 'english-text', pointer, detail: `Not written in ${language}, English is used: ${parts}.` },
  ];
}
