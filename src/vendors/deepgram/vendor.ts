import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';

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
});
