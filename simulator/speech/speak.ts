import { BYTES_PER_MS, SAMPLE_RATE_HZ } from '../../src/audio/frame.ts';
import { encodeMulaw } from '../../src/audio/mulaw.ts';
import { downsample } from './downsample.ts';
import { speakWithEspeak } from './espeak.ts';
import { AUDIBLE_LEVEL, levelOf } from './level.ts';
import type { RawSpeech } from './raw-speech.ts';
import type { SpeakingVoice, SynthesisedSpeech } from './synthesised-speech.ts';
import { speakInTones } from './tone-voice.ts';
import { timeWords } from './word-timing.ts';

export interface SpeakRequest {
  readonly text: string;
  readonly voice: SpeakingVoice;
  readonly speed: number;
  readonly engine: 'speech' | 'tones';
}

/** The work of synthesis; it keeps a thread busy for about a thirtieth of the time the speech takes. */
export async function speak({ text, voice, speed, engine }: SpeakRequest): Promise<SynthesisedSpeech> {
  const spoken = engine === 'speech' ? await speakWithEspeak(text, voice, speed) : undefined;
  const { mulaw, wordStarts } = toTelephone(spoken ?? speakInTones(text, voice, speed));
  const { words, characters } = timeWords(text, wordStarts, mulaw);
  return { mulaw, words, characters, durationMs: mulaw.length / BYTES_PER_MS };
}

/** To mu-law at 8 kHz, without the silence around it. */
function toTelephone(raw: RawSpeech): { mulaw: Uint8Array; wordStarts: RawSpeech['wordStarts'] } {
  const mulaw = encodeMulaw(downsample(raw.samples, raw.sampleRateHz, SAMPLE_RATE_HZ));
  const block = 10 * BYTES_PER_MS;
  let start = 0;
  while (start < mulaw.length && levelOf(mulaw, start, start + block) <= AUDIBLE_LEVEL / 2) start += block;
  let end = mulaw.length;
  while (end > start && levelOf(mulaw, Math.max(start, end - block), end) <= AUDIBLE_LEVEL / 2) end -= block;
  const trimmedMs = start / BYTES_PER_MS;
  return {
    mulaw: mulaw.slice(start, Math.max(start, end)),
    wordStarts: raw.wordStarts.map((mark) => ({ ...mark, atMs: Math.max(0, mark.atMs - trimmedMs) })),
  };
}
