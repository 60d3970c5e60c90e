import { BYTES_PER_MS, SAMPLE_RATE_HZ } from '../../audio/frame.ts';
import { encodeMulaw } from '../../audio/mulaw.ts';
import { agentSpeech } from './agent-speech.ts';
import { downsample } from './downsample.ts';
import { speakWithEspeak } from './espeak.ts';
import { AUDIBLE_LEVEL, levelOf } from './level.ts';
import type { RawSpeech } from './raw-speech.ts';
import { speakInTones } from './tone-voice.ts';
import { timeWords, type SpokenCharacter, type SpokenWord } from './word-timing.ts';

/** `carrier` reads `<Say>`; `person` is somebody a call is transferred to. */
export type SpeakingVoice = 'caller' | 'agent' | 'carrier' | 'person';

export interface SynthesisOptions {
  readonly voice?: SpeakingVoice;
  /** 1 is normal, 1.2 a hurried speaker. */
  readonly speed?: number;
  /** `tones` forces the voice that is used where no speech engine is installed. */
  readonly engine?: 'speech' | 'tones';
}

/** Audible speech of a text. It begins with the first sound and ends with the last; shared, so never written to. */
export interface SynthesisedSpeech {
  /** 8 kHz. */
  readonly mulaw: Uint8Array;
  /** The text split at white space, punctuation attached. Start times increase. */
  readonly words: readonly SpokenWord[];
  /** Every character (code point) of the text in order, without gaps in time between neighbours. */
  readonly characters: readonly SpokenCharacter[];
  readonly durationMs: number;
}

const MAX_CACHED = 400;
const cache = new Map<string, Promise<SynthesisedSpeech>>();

/** Speaks `text`; a text spoken before comes from memory (the last 400 are kept). */
export function synthesise(text: string, options: SynthesisOptions = {}): Promise<SynthesisedSpeech> {
  const { voice = 'agent', speed = 1, engine = 'speech' } = options;
  const key = `${voice} ${speed} ${engine} ${text}`;
  const cached = cache.get(key);
  if (cached !== undefined) {
    cache.delete(key);
    cache.set(key, cached);
    return cached;
  }
  const speech = speak(text, voice, speed, engine);
  cache.set(key, speech);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!);
  return speech;
}

async function speak(
  text: string,
  voice: SpeakingVoice,
  speed: number,
  engine: 'speech' | 'tones',
): Promise<SynthesisedSpeech> {
  const spoken = engine === 'speech' ? await speakWithEspeak(text, voice, speed) : undefined;
  const { mulaw, wordStarts } = toTelephone(spoken ?? speakInTones(text, voice, speed));
  const { words, characters } = timeWords(text, wordStarts, mulaw);
  if (voice !== 'caller') agentSpeech.tell({ mulaw, words });
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
