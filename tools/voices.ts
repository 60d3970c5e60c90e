import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/app/config.ts';
import { decodeMulaw } from '../src/audio/mulaw.ts';
import { formatWavHeader } from '../src/audio/wav.ts';
import { deepgram } from '../src/vendors/deepgram/vendor.ts';
import { elevenlabs } from '../src/vendors/elevenlabs/vendor.ts';
import type { VoiceAccount } from '../src/vendors/vendors.ts';

/** Lists the voices of the vendor accounts, for `voices` of an agent, or speaks one text with one of them. */
const { vendors, simulated } = loadConfig(process.env);
const accounts: Readonly<Record<string, () => Promise<VoiceAccount>>> = {
  deepgram: () => deepgram.speaks!.openAccount(vendors.deepgram),
  elevenlabs: () => elevenlabs.speaks!.openAccount(vendors.elevenlabs),
};
const { values } = parseArgs({
  options: {
    provider: { type: 'string' },
    voice: { type: 'string' },
    text: { type: 'string', default: 'Hello, how can I help you today?' },
    out: { type: 'string', default: 'voice.wav' },
  },
});

if (values.voice === undefined) {
  for (const [provider, open] of Object.entries(accounts)) {
    if (simulated.some((name) => name === provider)) {
      console.log(`${provider}: no key is set`);
      continue;
    }
    for (const { id, name, languages, description } of await (await open()).listVoices()) {
      console.log([provider, id, name, languages.join('/'), description].join('\t'));
    }
  }
} else {
  const open = accounts[values.provider ?? ''];
  if (open === undefined) {
    console.error(
      'Usage: npm run voices [-- --provider elevenlabs --voice ID [--text "…"] [--out voice.wav]]',
    );
    process.exit(2);
  }
  const mulaw = await (await open()).speak(values.voice, values.text);
  const samples = decodeMulaw(mulaw);
  const audio = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const header = formatWavHeader({ channels: 1, sampleRateHz: 8_000 }, audio.length);
  await writeFile(values.out, Buffer.concat([header, audio]));
  console.log(`${values.out}: ${(mulaw.length / 8_000).toFixed(1)} s`);
}
