import { describe, expect, it } from 'vitest';
import { WAV_HEADER_BYTES, formatWavHeader } from '../../src/audio/wav.ts';

describe('formatWavHeader', () => {
  it('describes stereo 16-bit PCM at 8 kHz', () => {
    const header = formatWavHeader({ channels: 2, sampleRateHz: 8000 }, 32_000);
    expect(header).toHaveLength(WAV_HEADER_BYTES);
    expect(Buffer.from(header).toString('hex')).toBe(
      '52494646247d000057415645666d74201000000001000200401f0000007d00000400100064617461007d0000',
    );
  });

  it('caps sizes that do not fit into 32 bits', () => {
    const header = Buffer.from(formatWavHeader({ channels: 2, sampleRateHz: 8000 }, 2 ** 33));
    expect(header.readUInt32LE(4)).toBe(0xffff_ffff - 8);
    expect(header.readUInt32LE(40)).toBe(0xffff_ffff - WAV_HEADER_BYTES);
  });
});
