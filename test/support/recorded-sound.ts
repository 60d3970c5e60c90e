import { readFile } from 'node:fs/promises';
import { SAMPLE_RATE_HZ } from '../../src/audio/frame.ts';
import { WAV_HEADER_BYTES } from '../../src/audio/wav.ts';

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (SAMPLE_RATE_HZ * BLOCK_MS) / 1000;
/** Root mean square of a block in which there is something to hear. */
const AUDIBLE_RMS = 300;
const BYTES_PER_SAMPLE = 2;
const CHANNELS = 2;

/** One side of a recording, as the stretches of time in which there is something to hear. */
export class RecordedSide {
  readonly #audible: readonly boolean[];

  constructor(audible: readonly boolean[]) {
    this.#audible = audible;
  }

  get durationMs(): number {
    return this.#audible.length * BLOCK_MS;
  }

  /** The first sound from there on. */
  soundAfter(fromMs: number): number | undefined {
    const index = this.#audible.indexOf(true, Math.max(0, Math.round(fromMs / BLOCK_MS)));
    return index === -1 ? undefined : index * BLOCK_MS;
  }

  /** Where the last sound before that ends. */
  soundBefore(untilMs: number): number | undefined {
    const index = this.#audible.lastIndexOf(true, Math.round(untilMs / BLOCK_MS) - 1);
    return index === -1 ? undefined : (index + 1) * BLOCK_MS;
  }

  /** Milliseconds of sound outside all of these stretches, each widened by `marginMs`. */
  soundOutsideMs(stretches: readonly { fromMs: number; toMs: number }[], marginMs: number): number {
    const isOutside = (atMs: number): boolean =>
      !stretches.some(({ fromMs, toMs }) => atMs >= fromMs - marginMs && atMs < toMs + marginMs);
    return (
      this.#audible.filter((isAudible, index) => isAudible && isOutside(index * BLOCK_MS)).length * BLOCK_MS
    );
  }
}

/** Caller left, agent right, as the call's recording has them. */
export async function readRecording(path: string): Promise<{ caller: RecordedSide; agent: RecordedSide }> {
  const file = await readFile(path);
  const data = file.subarray(WAV_HEADER_BYTES);
  return { caller: sideOf(data, 0), agent: sideOf(data, 1) };
}

function sideOf(data: Buffer, channel: number): RecordedSide {
  const samples = Math.floor(data.length / BYTES_PER_SAMPLE / CHANNELS);
  const audible: boolean[] = [];
  for (let start = 0; start < samples; start += BLOCK_SAMPLES) {
    const end = Math.min(samples, start + BLOCK_SAMPLES);
    let energy = 0;
    for (let at = start; at < end; at += 1) {
      energy += data.readInt16LE((at * CHANNELS + channel) * BYTES_PER_SAMPLE) ** 2;
    }
    audible.push(Math.sqrt(energy / (end - start)) > AUDIBLE_RMS);
  }
  return new RecordedSide(audible);
}
