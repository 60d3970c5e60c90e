import { MULAW_SILENCE } from '../../audio/frame.ts';
import { decodeMulawByte } from '../../audio/mulaw.ts';

/** A power of two, so that a position becomes an index by masking: 4 s. */
const CAPACITY_SAMPLES = 32_768;
const MASK = CAPACITY_SAMPLES - 1;

/**
 * Buffer of the last seconds of both sides of a call, which may still change: the agent's audio may be cleared before
 * it is played, the caller's may come late. What is not written is silence. Positions are samples of the media clock.
 */
export class TrackWindow {
  readonly #caller = new Uint8Array(CAPACITY_SAMPLES).fill(MULAW_SILENCE);
  readonly #agent = new Uint8Array(CAPACITY_SAMPLES).fill(MULAW_SILENCE);
  #startSample = 0;

  /** Everything before this sample has been taken. */
  get startSample(): number {
    return this.#startSample;
  }

  /** End of the window. */
  get limitSample(): number {
    return this.#startSample + CAPACITY_SAMPLES;
  }

  /** Writes what lies within the window; returns how many samples came too late or too early for it. */
  write(track: 'caller' | 'agent', mulaw: Uint8Array, atSample: number): number {
    const from = Math.max(atSample, this.#startSample);
    const to = Math.min(atSample + mulaw.length, this.limitSample);
    if (to <= from) return mulaw.length;
    const samples = track === 'caller' ? this.#caller : this.#agent;
    const index = from & MASK;
    const beforeWrap = Math.min(to - from, CAPACITY_SAMPLES - index);
    samples.set(mulaw.subarray(from - atSample, from - atSample + beforeWrap), index);
    samples.set(mulaw.subarray(from - atSample + beforeWrap, to - atSample), 0);
    return mulaw.length - (to - from);
  }

  /** Replaces the agent's audio from this sample on, which will not be played, with silence. */
  clearAgent(fromSample: number): void {
    fillRing(this.#agent, Math.max(fromSample, this.#startSample), this.limitSample);
  }

  /** Removes what lies before `toSample` and returns it as interleaved 16-bit samples, caller left. */
  take(toSample: number): Uint8Array {
    const count = toSample - this.#startSample;
    const interleaved = new Int16Array(count * 2);
    for (let n = 0; n < count; n += 1) {
      const index = (this.#startSample + n) & MASK;
      interleaved[2 * n] = decodeMulawByte(this.#caller[index]!);
      interleaved[2 * n + 1] = decodeMulawByte(this.#agent[index]!);
    }
    fillRing(this.#caller, this.#startSample, toSample);
    fillRing(this.#agent, this.#startSample, toSample);
    this.#startSample = toSample;
    return new Uint8Array(interleaved.buffer);
  }

  /** Moves the window to a later sample; only when its content has been taken. */
  skipTo(sample: number): void {
    this.#startSample = sample;
  }
}

function fillRing(samples: Uint8Array, from: number, to: number): void {
  const count = Math.min(to - from, CAPACITY_SAMPLES);
  if (count <= 0) return;
  const index = from & MASK;
  const beforeWrap = Math.min(count, CAPACITY_SAMPLES - index);
  samples.fill(MULAW_SILENCE, index, index + beforeWrap);
  samples.fill(MULAW_SILENCE, 0, count - beforeWrap);
}
