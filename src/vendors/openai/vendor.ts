import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';
import { createOpenAiEmbedder } from './embeddings.ts';
import { createOpenAiLanguageModel } from './language-model.ts';

const account = { apiKey: 'simulated' };

export const openai = defineVendor({
  name: 'openai',
  environment: {
    OPENAI_API_KEY: { schema: z.string().optional(), remedy: 'make a key on the OpenAI platform page' },
    OPENAI_BASE_URL: {
      schema: httpUrl.transform((url) => (url.endsWith('/v1') ? url : `${url}/v1`)).optional(),
    },
  },
  settings: ({ OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl }) => ({
    apiKey: apiKey ?? account.apiKey,
    baseUrl: baseUrl ?? 'https://api.openai.com/v1',
  }),
  simulated: {
    when: 'not-set-up',
    isSetUp: ({ OPENAI_API_KEY, OPENAI_BASE_URL }) => (OPENAI_API_KEY ?? OPENAI_BASE_URL) !== undefined,
    account,
  },
  thinks: {
    prices: {
      // The model page of gpt-6-luna.
      'gpt-6-luna': { input: 0.1, cachedInput: 0.01, output: 0.5 },
      // Assumed equal to its successor until a price is configured.
      'gpt-5.6-luna': { input: 0.1, cachedInput: 0.01, output: 0.5 },
    },
    connect: (settings, context) => createOpenAiLanguageModel({ ...settings, ...context }),
  },
  embeds: {
    connect: (settings, context) => createOpenAiEmbedder({ ...settings, ...context }),
  },
});
