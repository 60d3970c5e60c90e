import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';
import { createAuraTextToSpeech } from './aura.ts';
import { createFluxSpeechToText } from './flux.ts';
import { idleLimits } from './idle-limits.ts';
import { auraLanguages, fluxLanguages, novaLanguages } from './languages.ts';
import { createNovaSpeechToText } from './nova.ts';
import { openDeepgramVoices } from './voice-account.ts';

function voice(id: string, name: string, language: string, description: string) {
  return { id, name, language, description };
}

const account = { apiKey: 'simulated' };

export const deepgram = defineVendor({
  name: 'deepgram',
  environment: {
    DEEPGRAM_API_KEY: { schema: z.string().optional(), remedy: 'make a key in the Deepgram console' },
    DEEPGRAM_BASE_URL: { schema: httpUrl.optional() },
  },
  settings: ({ DEEPGRAM_API_KEY: apiKey, DEEPGRAM_BASE_URL: baseUrl }) => ({
    apiKey: apiKey ?? account.apiKey,
    baseUrl: baseUrl ?? 'https://api.deepgram.com',
  }),
  simulated: {
    when: 'not-set-up',
    isSetUp: ({ DEEPGRAM_API_KEY, DEEPGRAM_BASE_URL }) =>
      (DEEPGRAM_API_KEY ?? DEEPGRAM_BASE_URL) !== undefined,
    account,
  },
  idleLimits,
  hears: {
    // Assumed: pay as you go, Flux and Nova streaming alike.
    flux: {
      service: 'deepgram-flux',
      languages: fluxLanguages,
      pricePerMinute: 0.0077,
      connect: (settings, context) => createFluxSpeechToText({ ...settings, ...context }),
    },
    nova: {
      service: 'deepgram-nova',
      languages: novaLanguages,
      pricePerMinute: 0.0077,
      connect: (settings, context) => createNovaSpeechToText({ ...settings, ...context }),
    },
  },
  speaks: {
    service: 'deepgram-aura',
    languages: auraLanguages,
    // The ids of its voices end with their language.
    languagesOf: (voiceId) => [voiceId.split('-').at(-1)!],
    voices: [
      voice('aura-2-thalia-en', 'Thalia', 'en-US', 'Clear, confident and lively.'),
      voice('aura-2-andromeda-en', 'Andromeda', 'en-US', 'Casual and expressive.'),
      voice('aura-2-apollo-en', 'Apollo', 'en-US', 'Confident and comfortable.'),
      voice('aura-2-helena-en', 'Helena', 'en-US', 'Caring and natural.'),
      voice('aura-2-draco-en', 'Draco', 'en-GB', 'Warm and approachable.'),
      voice('aura-2-celeste-es', 'Celeste', 'es', 'Clear and energetic.'),
      voice('aura-2-viktoria-de', 'Viktoria', 'de', 'Cheerful and natural.'),
      voice('aura-2-agathe-fr', 'Agathe', 'fr', 'Charismatic and cheerful.'),
    ],
    // Assumed: Aura-2, pay as you go.
    pricePerThousandCharacters: 0.03,
    connect: (settings, context) => createAuraTextToSpeech({ ...settings, ...context }),
    openAccount: openDeepgramVoices,
  },
});
