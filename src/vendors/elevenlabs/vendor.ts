import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';
import { idleLimits } from './idle-limits.ts';
import { createElevenLabsTextToSpeech } from './text-to-speech.ts';
import { openElevenLabsVoices } from './voice-account.ts';

/** Languages of the model `eleven_flash_v2_5`. */
const languages = [
  'ar bg cs da de el en es fi fil fr hi hr hu id it',
  'ja ko ms nl no pl pt ro ru sk sv ta tr uk vi zh',
].flatMap((line) => line.split(' '));

function voice(id: string, name: string, description: string) {
  return { id, name, language: 'multi', description };
}

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
  idleLimits,
  speaks: {
    service: 'elevenlabs',
    languages,
    // Every voice speaks every language of the model.
    languagesOf: () => languages,
    voices: [
      voice('21m00Tcm4TlvDq8ikWAM', 'Rachel', 'Calm and clear.'),
      voice('EXAVITQu4vr4xnSDxMaL', 'Sarah', 'Warm and confident.'),
      voice('JBFqnCBsd6RMkjVDRZzb', 'George', 'Warm, British.'),
      voice('pNInz6obpgDQGcFmaJgB', 'Adam', 'Deep and even.'),
    ],
    // Assumed: Flash, business tier.
    pricePerThousandCharacters: 0.05,
    connect: (settings, context) => createElevenLabsTextToSpeech({ ...settings, ...context }),
    openAccount: openElevenLabsVoices,
  },
});
