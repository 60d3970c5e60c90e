import { businessTools, type Tool, toolCatalogueOf } from '../agent/tools/tools.ts';
import type { AgentCatalogue } from '../business/line/agents/agents.ts';
import { languageOfferOf } from './language-table.ts';
import type { Vendor } from '../vendors/vendors.ts';

/** What the configuration of an agent may name: the tools, and what these vendors offer. */
export function agentCatalogueOf(
  vendors: readonly Vendor[],
  toolList: readonly Tool[] = businessTools,
): AgentCatalogue {
  return {
    tools: toolCatalogueOf(toolList),
    recognisers: vendors.flatMap(({ name: provider, hears = {} }) =>
      Object.entries(hears).map(([model, { languages }]) => ({ provider, model, languages })),
    ),
    speakers: vendors.flatMap(({ name: provider, speaks }) =>
      speaks === undefined ? [] : { provider, languagesOf: (voiceId: string) => speaks.languagesOf(voiceId) },
    ),
    voices: vendors.flatMap(({ name: provider, speaks }) =>
      (speaks?.voices ?? []).map((voice) => ({ provider, ...voice })),
    ),
    offerOf: (language) => languageOfferOf(vendors, language),
  };
}
