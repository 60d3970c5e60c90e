import { baseLanguage, writtenLanguages } from '../agent/prompt/prompt.ts';
import type { LanguageOffer, WrittenPart } from '../business/line/agents/agents.ts';
import { smallWordLanguages } from '../call/turn/turn.ts';
import type { Vendor } from '../vendors/vendors.ts';

const written: Readonly<Record<WrittenPart, readonly string[]>> = {
  ...writtenLanguages,
  'small-words': smallWordLanguages,
};

/** Languages for which there is at least one file of prompts, phrases or backchannels. */
export const tableLanguages: readonly string[] = [...new Set(Object.values(written).flat())].toSorted();

/**
 * Which recognisers and voices serve a language, and which texts exist in it. Recognisers keep their vendor's order:
 * the one that detects the end of turns itself (Flux) comes first if it has the language, then the one with more
 * languages (Nova).
 */
export function languageOfferOf(vendors: readonly Vendor[], language: string): LanguageOffer {
  const base = baseLanguage(language);
  return {
    language: base,
    recognisers: vendors.flatMap(({ name: provider, hears = {} }) =>
      Object.entries(hears).flatMap(([model, { languages }]) =>
        languages.includes(base) ? [{ provider, model }] : [],
      ),
    ),
    voices: vendors.flatMap(({ name: provider, speaks }) =>
      (speaks?.voices ?? []).flatMap(({ id: voiceId }) =>
        speaks!.languagesOf(voiceId).includes(base) ? [{ provider, voiceId }] : [],
      ),
    ),
    missing: (Object.keys(written) as WrittenPart[]).filter((part) => !written[part].includes(base)),
  };
}
