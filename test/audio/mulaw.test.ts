import { describe, expect, it } from 'vitest';
import { MULAW_SILENCE } from '../../src/audio/frame.ts';
import { decodeMulaw, decodeMulawByte, encodeMulaw } from '../../src/audio/mulaw.ts';

describe('mu-law', () => {
  it('encodes the reference vectors', () => {
    const vectors: readonly (readonly [number, number])[] = [
      [0, 0xff],
      [4, 0xfe],
      [-4, 0x7e],
      [100, 0xf2],
      [-100, 0x72],
      [1000, 0xce],
      [-1000, 0x4e],
      [8000, 0xa0],
      [32_767, 0x80],
      [-32_768, 0x00],
    ];
    for (const [sample, code] of vectors) expect([...encodeMulaw(Int16Array.of(sample))]).toEqual([code]);
  });

  it('decodes the reference vectors', () => {
    const codes = Uint8Array.of(0xff, 0xfe, 0x80, 0x00, 0x01, 0x10, 0xaa);
    expect([...decodeMulaw(codes)]).toEqual([0, 8, 32_124, -32_124, -31_100, -15_996, 5372]);
  });

  it('gives every code back after a round trip, but for negative zero', () => {
    for (let code = 0; code < 256; code += 1) {
      const [back] = encodeMulaw(decodeMulaw(Uint8Array.of(code)));
      expect(back).toBe(code === 0x7f ? MULAW_SILENCE : code);
      expect(decodeMulawByte(code)).toBe(decodeMulaw(Uint8Array.of(code))[0]);
    }
  });

  it('stays within half a step of every sample', () => {
    for (let sample = -32_635; sample <= 32_635; sample += 7) {
      const [back] = decodeMulaw(encodeMulaw(Int16Array.of(sample)));
      const step = 2 ** (Math.floor(Math.log2(Math.abs(sample) + 0x84)) - 4);
      expect(Math.abs(back! - sample)).toBeLessThanOrEqual(step);
    }
  });

  it('writes into the array it is given', () => {
    const samples = new Int16Array(4);
    expect(decodeMulaw(Uint8Array.of(0x80, 0xff), samples)).toBe(samples);
    expect([...samples]).toEqual([32_124, 0, 0, 0]);
    const codes = new Uint8Array(3);
    expect(encodeMulaw(Int16Array.of(1000), codes)).toBe(codes);
    expect([...codes]).toEqual([0xce, 0, 0]);
  });
});
