import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';

const account = { apiKey: 'simulated' };

export const elevenlabs = defineVendor({
  name: 'elevenlabs',
  environment: {
    ELEVENLABS_API_KEY: { schema: z.string().optional(), remedy: 'make a key in the ElevenLabs settings' },
    ELEVENLABS_BASE_URL: { schema: httpUrl.optional() },
  },
  settings: ({ ELEVENLABS_API_KEY: apiKey, ELEVENLABS_BASE_URL: baseUrl }) => ({
    apiKey: apiKey ?? account.apiKey,
    baseUrl: baseUrl ?? 'https://api.elevenlabs.io',
  }),
  simulated: {
    when: 'not-set-up',
    isSetUp: ({ ELEVENLABS_API_KEY, ELEVENLABS_BASE_URL }) =>
      (ELEVENLABS_API_KEY ?? ELEVENLABS_BASE_URL) !== undefined,
    account,
  },
});
