import { baseLanguage, writtenLanguages } from '../agent/prompt/prompt.ts';
import type { LanguageOffer, WrittenPart } from '../business/line/agents/agents.ts';
import { smallWordLanguages } from '../call/turn/turn.ts';
import type { Vendor } from '../vendors/vendors.ts';

const written: Readonly<Record<WrittenPart, readonly string[]>> = {
  ...writtenLanguages,
  'small-words': smallWordLanguages,
};

/** Languages for which anything is written. */
export const tableLanguages: readonly string[] = [...new Set(Object.values(written).flat())].toSorted();

/**
 * The row of a language: which recognisers hear it, which voices speak it, and what is written in it. Recognisers
 * stand in their vendor's order, so that the one that detects the end of turns itself (Flux) comes first where it
 * knows the language, and one for more languages (Nova) serves the rest.
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
