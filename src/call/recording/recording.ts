import { BYTES_PER_MS } from '../../audio/frame.ts';
import type { Clock } from '../../platform/process/clock.ts';
import type { Storage } from '../../platform/data/storage.ts';
import type { MediaMs } from '../clocks.ts';
import { TrackWindow } from './track-window.ts';
import { BYTES_PER_SAMPLE_PAIR, storedSizeBytes, WavWriter } from './wav-writer.ts';

/** What is missing in a recording. */
export interface RecordingLoss {
  /** Audio that came too late, or that the storage was too slow for. */
  readonly lostMs: number;
  /** The first error of the storage. */
  readonly error: unknown;
}

export interface CallRecorderDeps {
  readonly storage: Storage;
  readonly key: string;
  readonly clock: Clock;
  /** Called at most once, when the recorder closes. */
  readonly onLoss?: (loss: RecordingLoss) => void;
}

export interface StoredRecording {
  readonly key: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
}

/** How long samples may still change: audio is sent 300 ms ahead, and a stalled network delivers late. */
const SETTLE_SAMPLES = 2_000 * BYTES_PER_MS;
/** Maximum lead of agent audio over the media clock: 300 ms and the delay to the carrier. */
const MAX_AHEAD_SAMPLES = 1_000 * BYTES_PER_MS;
/** One write a second, because the cost of a write hardly depends on its size. */
const BATCH_SAMPLES = 1_000 * BYTES_PER_MS;
/** A storage that hangs must not delay the end of a call. */
const CLOSE_DEADLINE_MS = 10_000;

/**
 * Records both sides of a call on its media clock, caller left, agent right. It never waits, throws or grows, so that a
 * failing storage does not affect the call.
 */
export class CallRecorder {
  readonly #deps: CallRecorderDeps;
  readonly #window = new TrackWindow();
  readonly #writer: WavWriter;
  /** Latest known position of the media clock. */
  #nowSample = 0;
  #lateSamples = 0;
  #closing: Promise<StoredRecording | undefined> | undefined;

  constructor(deps: CallRecorderDeps) {
    this.#deps = deps;
    this.#writer = new WavWriter(deps.storage, deps.key);
  }

  get state(): 'recording' | 'closed' {
    return this.#closing === undefined ? 'recording' : 'closed';
  }

  caller(mulaw: Uint8Array, offsetMs: MediaMs): void {
    if (this.state === 'closed') return;
    const atSample = toSample(offsetMs);
    this.#moveTo(atSample + mulaw.length);
    this.#lateSamples += this.#window.write('caller', mulaw, atSample);
  }

  /** Takes audio that was sent to the carrier, with the position at which it will be played. */
  agent(mulaw: Uint8Array, offsetMs: MediaMs): void {
    if (this.state === 'closed') return;
    const atSample = toSample(offsetMs);
    this.#moveTo(atSample - MAX_AHEAD_SAMPLES);
    this.#lateSamples += this.#window.write('agent', mulaw, atSample);
  }

  /** Discards the agent's audio from this position on, which was cleared before it was played. */
  clearAgent(fromOffsetMs: MediaMs): void {
    if (this.state !== 'closed') this.#window.clearAgent(toSample(fromOffsetMs));
  }

  /** Completes the file; never rejects. Undefined if there is no usable file. */
  close(): Promise<StoredRecording | undefined> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<StoredRecording | undefined> {
    if (this.#nowSample > this.#window.startSample) this.#writer.append(this.#window.take(this.#nowSample));
    const stored = await this.#beforeDeadline(this.#writer.close());
    const lostMs = this.#lateSamples / BYTES_PER_MS + this.#writer.droppedMs;
    const { error } = this.#writer;
    if (lostMs > 0 || error !== undefined) this.#deps.onLoss?.({ lostMs, error });
    if (stored === undefined) return undefined;
    const durationMs = Math.round(stored.dataBytes / BYTES_PER_SAMPLE_PAIR / BYTES_PER_MS);
    return { key: this.#deps.key, durationMs, sizeBytes: storedSizeBytes(stored.dataBytes) };
  }

  async #beforeDeadline<Result>(result: Promise<Result>): Promise<Result | undefined> {
    const deadline = Promise.withResolvers<undefined>();
    const cancel = this.#deps.clock.after(CLOSE_DEADLINE_MS, () => deadline.resolve(undefined));
    const first = await Promise.race([result, deadline.promise]);
    cancel();
    return first;
  }

  #moveTo(sample: number): void {
    if (sample <= this.#nowSample) return;
    this.#nowSample = sample;
    const settledSample = sample - SETTLE_SAMPLES;
    if (settledSample - this.#window.startSample < BATCH_SAMPLES) return;
    const heldUntil = Math.min(settledSample, this.#window.limitSample);
    this.#writer.append(this.#window.take(heldUntil));
    if (settledSample === heldUntil) return;
    // No audio came for longer than the window, so the time after it is silence.
    this.#writer.appendSilence((settledSample - heldUntil) * BYTES_PER_SAMPLE_PAIR);
    this.#window.skipTo(settledSample);
  }
}

function toSample(offsetMs: MediaMs): number {
  return Math.round(offsetMs * BYTES_PER_MS);
}
