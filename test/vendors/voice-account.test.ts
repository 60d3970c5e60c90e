import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeepgramSimulator, startDeepgram } from '../../simulator/deepgram/deepgram.ts';
import { type ElevenlabsSimulator, startElevenlabs } from '../../simulator/elevenlabs/elevenlabs.ts';
import { SpeechRegistry } from '../../simulator/speech/heard-speech.ts';
import { openDeepgramVoices } from '../../src/vendors/deepgram/voice-account.ts';
import { openElevenLabsVoices } from '../../src/vendors/elevenlabs/voice-account.ts';

const cannedSpeech = new Uint8Array(4_000).fill(0x55);
const apiKeys = ['good-key'];
let deepgram: DeepgramSimulator;
let elevenlabs: ElevenlabsSimulator;

beforeAll(async () => {
  deepgram = await startDeepgram({ speech: new SpeechRegistry(), cannedSpeech, apiKeys });
  elevenlabs = await startElevenlabs({ cannedSpeech, apiKeys });
});
afterAll(() => Promise.all([deepgram.close(), elevenlabs.close()]));

describe.each([
  {
    vendor: 'Deepgram',
    open: (apiKey: string) => openDeepgramVoices({ apiKey, baseUrl: deepgram.url }),
    voice: { id: 'aura-2-thalia-en', name: 'thalia', languages: ['en'] },
  },
  {
    vendor: 'ElevenLabs',
    open: (apiKey: string) => openElevenLabsVoices({ apiKey, baseUrl: elevenlabs.url }),
    voice: { id: '21m00Tcm4TlvDq8ikWAM', name: 'Rachel', languages: ['en'] },
  },
])('an account at $vendor', ({ open, voice }) => {
  it('lists its voices', async () => {
    const account = await open('good-key');
    expect(await account.listVoices()).toContainEqual({ ...voice, description: expect.any(String) });
  });

  it('speaks one text as bare mu-law', async () => {
    const account = await open('good-key');
    const audio = await account.speak(voice.id, 'Hello.');
    expect(audio.equals(cannedSpeech)).toBe(true);
  });

  it('is refused with another key', async () => {
    const account = await open('wrong-key');
    await expect(account.listVoices()).rejects.toMatchObject({ statusCode: 401 });
  });
});
