import { buffer } from 'node:stream/consumers';
import type { VoiceAccount } from '../voice-account.ts';
import { MODEL_ID } from './context-socket.ts';

/** The account's voices, its own and cloned ones included, and one-off synthesis, over REST. */
export async function openElevenLabsVoices({
  apiKey,
  baseUrl,
}: {
  readonly apiKey: string;
  readonly baseUrl: string;
}): Promise<VoiceAccount> {
  const { ElevenLabsClient } = await import('elevenlabs');
  const client = new ElevenLabsClient({ apiKey, baseUrl });
  return {
    async listVoices() {
      const { voices } = await client.voices.getAll();
      return voices.map(({ voice_id: id, name = id, labels = {}, description = '', category }) => ({
        id,
        name,
        languages: labels['language'] === undefined ? [] : [labels['language']],
        description: [category, labels['accent'], description].filter(Boolean).join(', '),
      }));
    },
    async speak(voiceId, text) {
      const audio = await client.textToSpeech.convertAsStream(voiceId, {
        text,
        model_id: MODEL_ID,
        output_format: 'ulaw_8000',
      });
      return buffer(audio);
    },
  };
}
