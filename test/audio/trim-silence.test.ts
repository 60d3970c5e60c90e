import { describe, expect, it } from 'vitest';
import { LeadingSilenceTrimmer, trimLeadingSilence } from '../../src/audio/trim-silence.ts';

const silence = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xff);
const sound = (ms: number): Uint8Array => new Uint8Array(ms * 8).fill(0xa0);
const join = (...pieces: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(pieces));

describe('LeadingSilenceTrimmer', () => {
  it('leaves 40 ms of the silence in front, and everything after the first sound', () => {
    const speech = join(sound(100), silence(300), sound(10));
    expect(Uint8Array.from(trimLeadingSilence(join(silence(200), speech)))).toEqual(
      join(silence(40), speech),
    );
  });

  it('gives the same for audio in pieces of any size', () => {
    const whole = join(silence(217), sound(50), silence(80));
    for (const size of [1, 7, 160, 800, 1_600, 5_000]) {
      const trimmer = new LeadingSilenceTrimmer();
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < whole.length; from += size)
        pieces.push(trimmer.trim(whole.subarray(from, from + size)));
      expect(join(...pieces)).toEqual(join(silence(40), sound(50), silence(80)));
      expect(trimmer.trimmedBytes).toBe(177 * 8);
    }
  });

  it('takes faint noise for silence, and leaves short silence alone', () => {
    const noise = Uint8Array.from({ length: 800 }, (_, n) => (n % 2 === 0 ? 0xfb : 0x7b));
    expect(trimLeadingSilence(join(noise, sound(20)))).toHaveLength(60 * 8);
    const short = join(silence(30), sound(20));
    expect(Uint8Array.from(trimLeadingSilence(short))).toEqual(short);
  });

  it('passes on silence that is longer than the limit', () => {
    const trimmer = new LeadingSilenceTrimmer();
    expect(trimmer.trim(silence(499))).toHaveLength(0);
    expect(trimmer.trim(silence(1))).toHaveLength(40 * 8);
    expect(trimmer.trim(silence(100))).toHaveLength(800);
    expect(trimmer.trimmedBytes).toBe(460 * 8);
  });

  it('keeps 40 ms of an utterance that is silent throughout', () => {
    expect(trimLeadingSilence(silence(200))).toHaveLength(40 * 8);
    expect(trimLeadingSilence(silence(10))).toHaveLength(10 * 8);
    expect(trimLeadingSilence(new Uint8Array())).toHaveLength(0);
  });
});
