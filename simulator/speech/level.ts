import { decodeMulawByte } from '../../src/audio/mulaw.ts';

const squares = new Float64Array(256);
for (let code = 0; code < 256; code += 1) squares[code] = decodeMulawByte(code) ** 2;

/** Root mean square of mu-law audio in 16-bit sample units; 0 for nothing. */
export function levelOf(mulaw: Uint8Array, start = 0, end = mulaw.length): number {
  if (end <= start) return 0;
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += squares[mulaw[i]!]!;
  return Math.sqrt(sum / (end - start));
}

/** Above this somebody at a telephone hears that something is said: -44 dB below full scale. */
export const AUDIBLE_LEVEL = 200;
