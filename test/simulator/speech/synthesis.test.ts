import { describe, expect, it } from 'vitest';
import { downsample } from '../../../simulator/speech/downsample.ts';
import { levelOf } from '../../../simulator/speech/level.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';

const text = 'Your order ORD-1042 — two loaves of bread — comes to $19.50. Anything else?';

describe.each(['speech', 'tones'] as const)('synthesise with %s', (engine) => {
  it('is audible from its first to its last word', async () => {
    const speech = await synthesise(text, { engine });
    expect(levelOf(speech.mulaw)).toBeGreaterThan(800);
    for (const word of speech.words) {
      expect(levelOf(speech.mulaw, Math.round(word.startMs * 8), Math.round(word.endMs * 8))).toBeGreaterThan(
        200,
      );
    }
    expect(speech.durationMs).toBe(speech.mulaw.length / 8);
  });

  it('times every word after the one before', async () => {
    const { words, durationMs } = await synthesise(text, { engine });
    expect(words.map((word) => word.text)).toEqual(text.split(/\s+/).filter((token) => token !== '—'));
    let previousMs = -1;
    for (const word of words) {
      expect(word.startMs).toBeGreaterThan(previousMs);
      expect(word.endMs).toBeGreaterThan(word.startMs);
      previousMs = word.startMs;
    }
    expect(words.at(-1)!.endMs).toBeLessThanOrEqual(durationMs);
  });

  it('times every character of the text, in order', async () => {
    const { characters } = await synthesise(text, { engine });
    expect(characters.map(({ character }) => character).join('')).toBe(text);
    let previousMs = 0;
    for (const character of characters) {
      expect(character.startMs).toBeGreaterThanOrEqual(previousMs - 1e-6);
      expect(character.endMs).toBeGreaterThanOrEqual(character.startMs);
      previousMs = character.startMs;
    }
  });

  it('speaks at the requested speed, and with different voices', async () => {
    const normal = await synthesise(text, { engine });
    const fast = await synthesise(text, { engine, speed: 1.4 });
    expect(fast.durationMs).toBeLessThan(normal.durationMs * 0.85);
    const caller = await synthesise(text, { engine, voice: 'caller' });
    expect(Buffer.compare(caller.mulaw, normal.mulaw)).not.toBe(0);
  });

  it('says nothing for a text without words', async () => {
    const speech = await synthesise('…', { engine });
    expect(speech.words).toEqual([]);
    expect(speech.characters.map(({ character }) => character)).toEqual(['…']);
  });
});

const tone = (hz: number) =>
  Int16Array.from({ length: 22_050 }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hz * i) / 22_050));
const level = (samples: Int16Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe('downsample', () => {
  it.each([300, 1_000, 3_000])('keeps a tone of %i Hz', (hz) => {
    expect(level(downsample(tone(hz), 22_050, 8_000))).toBeGreaterThan(6_700);
  });

  it.each([4_600, 6_000, 10_000])('does not fold a tone of %i Hz back into the band', (hz) => {
    expect(level(downsample(tone(hz), 22_050, 8_000))).toBeLessThan(40);
  });
});
