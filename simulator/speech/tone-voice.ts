import type { RawSpeech } from './raw-speech.ts';
import type { SpeakingVoice } from './synthesised-speech.ts';

const SAMPLE_RATE_HZ = 8000;
const SYLLABLE_MS = 150;
const WORD_GAP_MS = 40;
const SENTENCE_GAP_MS = 250;
const AMPLITUDE = 9_000;

const baseHz: Record<SpeakingVoice, number> = { caller: 120, agent: 210, carrier: 160, person: 100 };

/**
 * Fallback without a speech engine: a buzz per syllable, with the rhythm and the length of speech. It is not
 * intelligible, but everything that measures speech works.
 */
export function speakInTones(text: string, voice: SpeakingVoice, speed: number): RawSpeech {
  const parts: Int16Array[] = [];
  const wordStarts: { characterIndex: number; atMs: number }[] = [];
  let atMs = 0;
  const add = (samples: Int16Array): void => {
    parts.push(samples);
    atMs += (samples.length / SAMPLE_RATE_HZ) * 1000;
  };
  let characterIndex = 0;
  for (const token of text.split(/(\s+)/)) {
    if (/[\p{L}\p{N}]/u.test(token)) {
      wordStarts.push({ characterIndex, atMs });
      for (let syllable = 0; syllable < countSyllables(token); syllable += 1) {
        const hz = baseHz[voice] * (1 + (((token.codePointAt(syllable) ?? 0) * 7 + syllable) % 12) / 24);
        add(buzz(hz, SYLLABLE_MS / speed));
      }
      add(silence((/[.!?,;:]$/.test(token) ? SENTENCE_GAP_MS : WORD_GAP_MS) / speed));
    }
    characterIndex += Array.from(token).length;
  }
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (samples.set(part, offset), offset + part.length), 0);
  return { samples, sampleRateHz: SAMPLE_RATE_HZ, wordStarts };
}

function countSyllables(word: string): number {
  const vowels = word.match(/[aeiouyäöü]+|\d/giu)?.length ?? 0;
  return Math.max(1, Math.min(8, vowels));
}

function buzz(hz: number, durationMs: number): Int16Array {
  const samples = new Int16Array(Math.round((durationMs * SAMPLE_RATE_HZ) / 1000));
  for (let i = 0; i < samples.length; i += 1) {
    const envelope = Math.sin((Math.PI * i) / samples.length);
    const phase = (2 * Math.PI * hz * i) / SAMPLE_RATE_HZ;
    const wave = Math.sin(phase) + Math.sin(2 * phase) / 2 + Math.sin(5 * phase) / 4;
    samples[i] = Math.round((AMPLITUDE * envelope * wave) / 1.75);
  }
  return samples;
}

function silence(durationMs: number): Int16Array {
  return new Int16Array(Math.round((durationMs * SAMPLE_RATE_HZ) / 1000));
}
