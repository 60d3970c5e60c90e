/** Telephone audio as the carrier sends it: mu-law, 8 kHz, mono, one byte a sample. */
export const SAMPLE_RATE_HZ = 8000;
export const BYTES_PER_MS = 8;
export const FRAME_MS = 20;
export const FRAME_BYTES = FRAME_MS * BYTES_PER_MS;

/** mu-law silence is 0xFF; a zero byte is a full-scale click. */
export const MULAW_SILENCE = 0xff;

export function bytesToMs(bytes: number): number {
  return bytes / BYTES_PER_MS;
}

export function msToBytes(ms: number): number {
  return Math.round(ms * BYTES_PER_MS);
}
