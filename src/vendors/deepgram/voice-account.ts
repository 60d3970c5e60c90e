import type { VoiceAccount } from '../voice-account.ts';

/** The models for speech and one-off synthesis, over REST. */
export async function openDeepgramVoices({
  apiKey,
  baseUrl,
}: {
  readonly apiKey: string;
  readonly baseUrl: string;
}): Promise<VoiceAccount> {
  const { DeepgramClient } = await import('@deepgram/sdk');
  const client = new DeepgramClient({ apiKey, baseUrl });
  return {
    async listVoices() {
      const { tts = [] } = await client.manage.v1.models.list();
      return tts.map(({ canonical_name: id = '', name = id, languages = [], metadata }) => ({
        id,
        name,
        languages,
        description: [metadata?.accent, ...(metadata?.tags ?? [])].filter(Boolean).join(', '),
      }));
    },
    async speak(voiceId, text) {
      const audio = await client.speak.v1.audio.generate({
        text,
        model: voiceId,
        encoding: 'mulaw',
        sample_rate: 8000,
        // The default is a WAV file, whose header would be audible as a click.
        container: 'none',
      });
      return Buffer.from(await audio.arrayBuffer());
    },
  };
}
