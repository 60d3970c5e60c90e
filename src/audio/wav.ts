/** A canonical 44-byte header, 16-bit PCM follows, channels interleaved. */
export const WAV_HEADER_BYTES = 44;

const BYTES_PER_SAMPLE = 2;

export interface WavFormat {
  readonly channels: number;
  readonly sampleRateHz: number;
}

/** The header of a file with this much audio. Sizes beyond 4 GiB do not fit the format and are capped. */
export function formatWavHeader({ channels, sampleRateHz }: WavFormat, dataBytes: number): Uint8Array {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  const frameBytes = channels * BYTES_PER_SAMPLE;
  const sayableBytes = Math.min(dataBytes, 0xffff_ffff - WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + sayableBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(sayableBytes, 40);
  return header;
}
