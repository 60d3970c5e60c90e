import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_BYTES } from '../../../src/audio/frame.ts';
import { encodeMulaw } from '../../../src/audio/mulaw.ts';
import { SpeechFinder, SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../../../simulator/speech/synthesised-speech.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';

const silence = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xff);

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** On the line an utterance takes whole frames. */
function transmitted(speech: SynthesisedSpeech): Uint8Array {
  return join(speech.mulaw, silence(20)).subarray(
    0,
    Math.ceil(speech.mulaw.length / FRAME_BYTES) * FRAME_BYTES,
  );
}

function hear(registry: SpeechRegistry, audio: Uint8Array, pieceBytes = 160) {
  const finder = new SpeechFinder(registry);
  const frames = [];
  for (let at = 0; at < audio.length; at += pieceBytes) {
    frames.push(...finder.push(audio.subarray(at, at + pieceBytes)));
  }
  return {
    frames,
    words: frames.flatMap((frame) => frame.words),
    text: frames.flatMap((frame) => frame.words.map((word) => word.text)).join(' '),
  };
}

const noise = (seed: number, frames: number) => {
  let state = seed;
  const samples = Int16Array.from({ length: frames * FRAME_BYTES }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state % 8_000) - 4_000;
  });
  return encodeMulaw(samples);
};

const wordsUntil = (last: string) => [
  { text: 'book', startMs: 0, endMs: 200 },
  { text: 'a', startMs: 200, endMs: 400 },
  { text: last, startMs: 400, endMs: 700 },
];

const burst = (level: number, ms: number) =>
  encodeMulaw(Int16Array.from({ length: ms * 8 }, (_, i) => level * Math.sin(i * i * 0.37)));

const briefUtterance = (n: number) => ({
  mulaw: new Uint8Array(FRAME_BYTES).fill(0x20).map((byte, i) => byte ^ ((n >> (i % 12)) & 1)),
  words: [{ text: `word${n}`, startMs: 0, endMs: 20 }],
});

const sentence = 'Hi, I would like to book a haircut for Thursday at ten, please.';

describe('SpeechFinder', () => {
  it('finds exactly the words of transmitted audio, at their times on the connection', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    registry.register(speech);
    const { words, text } = hear(registry, join(silence(1_000), transmitted(speech), silence(400)));
    expect(text).toBe(sentence);
    for (const [index, word] of words.entries()) {
      expect(word.startMs).toBeCloseTo(1_000 + speech.words[index]!.startMs, 6);
      expect(word.endMs).toBeCloseTo(1_000 + speech.words[index]!.endMs, 6);
      expect(word.isLast).toBe(index === words.length - 1);
    }
  });

  it('hears a word at most 80 ms after its end, never before it', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    registry.register(speech);
    const { frames } = hear(registry, join(transmitted(speech), silence(400)));
    for (const frame of frames) {
      for (const word of frame.words) {
        expect(frame.startMs + 20).toBeGreaterThanOrEqual(word.endMs);
        expect(frame.startMs).toBeLessThan(word.endMs + 60);
      }
    }
  });

  it('loses the words whose frames were dropped, and only those', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    registry.register(speech);
    const lost = speech.words.findIndex((word) => word.text === 'haircut');
    const from = Math.ceil(speech.words[lost]!.startMs / 20) * FRAME_BYTES;
    const until = Math.floor(speech.words[lost]!.endMs / 20) * FRAME_BYTES;
    const audio = transmitted(speech);
    const { text } = hear(registry, join(audio.subarray(0, from), audio.subarray(until), silence(400)));
    expect(text).toBe(sentence.replace('haircut ', ''));
  });

  it('loses the words whose frames were corrupted', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    registry.register(speech);
    const audio = transmitted(speech).slice();
    const word = speech.words.find(({ text }) => text === 'Thursday')!;
    for (let at = word.startMs * 8; at < word.endMs * 8; at += 40) audio[Math.floor(at)]! ^= 0x10;
    expect(hear(registry, join(audio, silence(400))).text).toBe(sentence.replace('Thursday ', ''));
  });

  it('finds its way back when bytes are missing and the frames no longer align', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    registry.register(speech);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 159 }),
        fc.integer({ min: 1, max: 900 }),
        async (cut, piece) => {
          const audio = join(silence(300).subarray(cut), transmitted(speech), silence(400));
          expect(hear(registry, audio, piece).text).toBe(sentence);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('hears a repeated utterance again, as another one', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise('Yes, please.', { voice: 'caller' });
    registry.register(speech);
    registry.register(speech);
    const { text } = hear(
      registry,
      join(transmitted(speech), silence(300), transmitted(speech), silence(300)),
    );
    expect(text).toBe('Yes, please. Yes, please.');
  });

  it('tells apart utterances that begin alike', () => {
    const registry = new SpeechRegistry();
    const beginning = noise(1, 15);
    const table = join(beginning, noise(2, 20));
    const haircut = join(beginning, noise(3, 20));
    registry.register({ mulaw: table, words: wordsUntil('table') });
    registry.register({ mulaw: haircut, words: wordsUntil('haircut') });
    expect(hear(registry, join(table, silence(200))).text).toBe('book a table');
    expect(hear(registry, join(haircut, silence(200))).text).toBe('book a haircut');
  });

  it('notices energy without words in a cough, and nothing in line noise', () => {
    const finder = hear(new SpeechRegistry(), join(burst(180, 2_000), burst(6_000, 200), burst(180, 1_000)));
    expect(finder.words).toEqual([]);
    const loudMs = finder.frames.filter((frame) => frame.hasEnergy).map((frame) => frame.startMs);
    expect(loudMs).toEqual([2_000, 2_020, 2_040, 2_060, 2_080, 2_100, 2_120, 2_140, 2_160, 2_180]);
  });

  it('understands audio that became known frame by frame', async () => {
    const registry = new SpeechRegistry();
    const speech = await synthesise(sentence, { voice: 'caller' });
    const audio = transmitted(speech);
    const tell = registry.registerByFrame(speech.words);
    const finder = new SpeechFinder(registry);
    const heard: string[] = [];
    for (let at = 0; at < audio.length; at += FRAME_BYTES) {
      tell(audio.subarray(at, at + FRAME_BYTES));
      heard.push(
        ...finder
          .push(audio.subarray(at, at + FRAME_BYTES))
          .flatMap(({ words }) => words.map(({ text }) => text)),
      );
    }
    expect(heard.join(' ')).toBe(sentence);
  });

  it('forgets the oldest utterances and stays bounded', () => {
    const registry = new SpeechRegistry();
    for (let n = 0; n < 2_000; n += 1) registry.register(briefUtterance(n));
    expect(hear(registry, briefUtterance(0).mulaw).text).toBe('');
    expect(hear(registry, briefUtterance(1_999).mulaw).text).toBe('word1999');
  });
});
