import { describe, expect, it } from 'vitest';
import { agentCatalogueOf } from '../../src/app/agent-catalogue.ts';
import { languageOfferOf, tableLanguages } from '../../src/app/language-table.ts';
import { languageWarnings } from '../../src/business/line/agents/publish-warnings.ts';
import { storedConfigSchema } from '../../src/business/line/agents/single-choice.ts';
import { allVendors } from '../../src/vendors/all-vendors.ts';

const flux = { provider: 'deepgram', model: 'flux' };
const nova = { provider: 'deepgram', model: 'nova' };
const catalogue = agentCatalogueOf(allVendors);

function warningsOf(fields: object) {
  const plain = { voice: {}, speechToText: {}, model: {}, tools: [], turnTaking: {}, recording: {} };
  const config = { name: 'Robin', greeting: 'Hello.', instructions: '', ...plain, ...fields };
  return languageWarnings(storedConfigSchema.parse(config), catalogue);
}

describe('the table of languages', () => {
  it.each(['en', 'de', 'es', 'fr'])('serves %s whole: ears, voices of two vendors, and words', (language) => {
    const { recognisers, voices, missing } = languageOfferOf(allVendors, language);
    expect(recognisers).toEqual([flux, nova]);
    expect(new Set(voices.map(({ provider }) => provider)).size).toBe(2);
    expect(missing).toEqual([]);
  });

  it('has Nova listen where Flux cannot, and says what is not written', () => {
    expect(tableLanguages).toEqual(['ar', 'de', 'en', 'es', 'fr', 'pt']);
    expect(languageOfferOf(allVendors, 'ar-SA')).toMatchObject({
      language: 'ar',
      recognisers: [nova],
      missing: ['prompt', 'chat-prompt', 'phrases', 'waiting-lines'],
    });
    expect(languageOfferOf(allVendors, 'pt-BR').recognisers).toEqual([flux, nova]);
  });
});

describe('publishing warns', () => {
  it('of nothing where an agent speaks English with the voices it begins with', () => {
    expect(warningsOf({})).toEqual([]);
  });

  it('of a voice that does not speak the language, and names those that do', () => {
    expect(warningsOf({ language: 'de-AT' })).toEqual([
      {
        code: 'voice-language',
        pointer: '/voices/1',
        detail: 'The voice aura-2-thalia-en of deepgram does not speak de; aura-2-viktoria-de would.',
      },
    ]);
    const voices = [{ provider: 'deepgram', voiceId: 'aura-2-viktoria-de' }];
    expect(warningsOf({ language: 'de-AT', voices })).toEqual([]);
  });

  it('of recognisers that do not understand the language, and of words that are English', () => {
    const voices = [{ provider: 'elevenlabs', voiceId: 'mine' }];
    const warnings = warningsOf({ language: 'sv', otherLanguages: ['en'], recognisers: [flux], voices });
    expect(warnings).toEqual([
      {
        code: 'recogniser-language',
        pointer: '/language',
        detail: `None of the agent's recognisers understands sv; choose deepgram with nova.`,
      },
      {
        code: 'english-text',
        pointer: '/language',
        detail: expect.stringContaining('English is used: prompt, chat prompt, phrases'),
      },
    ]);
  });
});
