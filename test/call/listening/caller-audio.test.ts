import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaMs, position } from '../../../src/call/clocks.ts';
import { AudioRing } from '../../../src/call/listening/audio-ring.ts';
import { CallerAudio } from '../../../src/call/listening/caller-audio.ts';

const frame = (value: number) => new Uint8Array(160).fill(value);

function collect() {
  const taken: Uint8Array[] = [];
  const audio = new CallerAudio((mulaw) => taken.push(mulaw));
  return { audio, bytes: () => Buffer.concat(taken) };
}

describe('caller audio', () => {
  it('passes frames on as they are', () => {
    const { audio, bytes } = collect();
    audio.hear(frame(1), mediaMs(0));
    audio.hear(frame(2), mediaMs(20));
    expect(bytes()).toEqual(Buffer.concat([frame(1), frame(2)]));
  });

  it('fills a jump of the carrier’s stamps with silence, never with zeros', () => {
    const { audio, bytes } = collect();
    audio.hear(frame(1), mediaMs(0));
    audio.hear(frame(2), mediaMs(220));
    expect(bytes()).toEqual(Buffer.concat([frame(1), new Uint8Array(1_600).fill(0xff), frame(2)]));
    expect(audio.offsetMsAt(position(160 + 1_600))).toBe(220);
  });

  it('takes stamps that jitter by a frame for what they are', () => {
    const { audio, bytes } = collect();
    for (const offsetMs of [0, 40, 40, 75, 80]) audio.hear(frame(1), mediaMs(offsetMs));
    expect(bytes()).toHaveLength(5 * 160);
  });

  it('fills no more than ten seconds, and knows where it is after a longer gap', () => {
    const { audio, bytes } = collect();
    audio.hear(frame(1), mediaMs(0));
    audio.hear(frame(2), mediaMs(60_000));
    expect(bytes()).toHaveLength(160 + 80_000 + 160);
    expect(audio.offsetMsAt(position(160 + 80_000 + 80))).toBe(60_010);
  });

  it('begins anywhere on the media clock without a gap before it', () => {
    const { audio, bytes } = collect();
    audio.hear(frame(1), mediaMs(30_000));
    expect(bytes()).toHaveLength(160);
    expect(audio.offsetMsAt(position(80))).toBe(30_010);
  });

  it('[F19] keeps frames that come late, after silence was put in for them', () => {
    const { audio, bytes } = collect();
    audio.hear(frame(1), mediaMs(0));
    audio.addSilence(500);
    audio.hear(frame(2), mediaMs(20));
    audio.hear(frame(3), mediaMs(40));
    expect(bytes()).toHaveLength(160 + 4_000 + 320);
    expect(audio.offsetMsAt(position(160 + 4_000))).toBe(20);
    expect(audio.offsetMsAt(position(160 + 4_000 + 160))).toBe(40);
  });
});

describe('the audio ring', () => {
  it('keeps exactly the newest bytes, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), (pieces) => {
        const ring = new AudioRing(32);
        for (const piece of pieces) ring.append(piece);
        const all = Buffer.concat(pieces);
        expect(ring.endPosition).toBe(all.length);
        expect(Buffer.from(ring.read(position(0), position(all.length)))).toEqual(all.subarray(-32));
      }),
    );
  });

  it('reads any stretch it still has', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), (length, from, to) => {
        const ring = new AudioRing(32);
        const all = Uint8Array.from({ length }, (_, i) => i);
        for (let i = 0; i < length; i += 7) ring.append(all.subarray(i, i + 7));
        const kept = all.slice(Math.max(from, length - 32), Math.max(from, length - 32, to));
        expect(Uint8Array.from(ring.read(position(from), position(to)))).toEqual(kept);
      }),
    );
  });
});
