import type { Clock } from '../../platform/process/clock.ts';
import { mediaMs, type MediaMs } from '../clocks.ts';
import type { MediaStream } from '../transport/transport.ts';

/** Position on the call's media clock. */
export interface MediaClock {
  offsetMs(): MediaMs;
}

/** Hears what is sent to the carrier and when it will be played, for the recording. */
export interface PlayoutTap {
  onSent(mulaw: Uint8Array, playOffsetMs: MediaMs): void;
  /** Audio from this position on will not be played after all. */
  onCleared(fromOffsetMs: MediaMs): void;
}

/** A carrier that reads slower than real time: nothing more is sent before the network has taken what is there [F20]. */
const MAX_BUFFERED_BYTES = 64 * 1024;
/** Until measured. */
const DEFAULT_ROUND_TRIP_MS = 80;
const MAX_ROUND_TRIP_MS = 500;
const PROBE_PREFIX = 'rtt:';
/** Not every run of audio needs a measurement of its own. */
const PROBE_EVERY_MS = 1_000;
/** The measured round trip is a mean that forgets: networks change during a call. */
const ROUND_TRIP_SAMPLES = 8;

/**
 * The carrier as one call's replies see it: the stream of the moment, the generation numbers that tell living marks
 * from dead ones, and the round trip. Outlives streams: a call may get a new one.
 */
export class CarrierLink {
  readonly #clock: Clock;
  readonly #tap: PlayoutTap | undefined;
  #stream: MediaStream | undefined;
  #mediaClock: MediaClock | undefined;
  #generation = 0;
  #probe: { readonly name: string; readonly sentAtMs: number; isAnswered: boolean } | undefined;
  #measuredRoundTripMs: number | undefined;
  #measurements = 0;

  constructor(clock: Clock, tap: PlayoutTap | undefined) {
    this.#clock = clock;
    this.#tap = tap;
  }

  get isOpen(): boolean {
    return this.#stream !== undefined;
  }

  get isCongested(): boolean {
    return this.#stream !== undefined && this.#stream.bufferedBytes > MAX_BUFFERED_BYTES;
  }

  get roundTripMs(): number {
    return this.#measuredRoundTripMs ?? DEFAULT_ROUND_TRIP_MS;
  }

  /** Where on the media clock audio sent now to an empty queue is played: inbound audio is stamped at the carrier. */
  get playOffsetMs(): MediaMs {
    return mediaMs((this.#mediaClock?.offsetMs() ?? 0) + (this.#measuredRoundTripMs ?? 0));
  }

  nextGeneration(): number {
    this.#generation += 1;
    return this.#generation;
  }

  attach(stream: MediaStream, mediaClock: MediaClock): void {
    this.#stream = stream;
    this.#mediaClock = mediaClock;
    this.#probe = undefined;
    this.probe();
  }

  /**
   * Measures the way there and back, with a mark that comes back at once; only for a moment at which the carrier has
   * nothing to play.
   */
  probe(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#probe !== undefined && nowMs - this.#probe.sentAtMs < PROBE_EVERY_MS) return;
    this.#probe = { name: `${PROBE_PREFIX}${this.nextGeneration()}`, sentAtMs: nowMs, isAnswered: false };
    this.#stream?.sendMark(this.#probe.name);
  }

  send(mulaw: Uint8Array, playOffsetMs: MediaMs): void {
    this.#stream?.sendAudio(mulaw);
    this.#tap?.onSent(mulaw, playOffsetMs);
  }

  mark(generation: number, bytes: number): void {
    this.#stream?.sendMark(`${generation}:${bytes}`);
  }

  clear(fromOffsetMs: MediaMs): void {
    this.#stream?.clear();
    this.#tap?.onCleared(fromOffsetMs);
  }

  /** True when the mark was the link's own. */
  takeProbe(name: string): boolean {
    if (!name.startsWith(PROBE_PREFIX)) return false;
    if (this.#probe?.name === name && !this.#probe.isAnswered) {
      this.#probe.isAnswered = true;
      this.#measure(this.#clock.nowMs() - this.#probe.sentAtMs);
    }
    return true;
  }

  #measure(elapsedMs: number): void {
    const roundTripMs = Math.min(elapsedMs, MAX_ROUND_TRIP_MS);
    this.#measurements = Math.min(this.#measurements + 1, ROUND_TRIP_SAMPLES);
    const before = this.#measuredRoundTripMs ?? roundTripMs;
    this.#measuredRoundTripMs = before + (roundTripMs - before) / this.#measurements;
  }
}

/** `<generation>:<bytes>`, or undefined for a name that is not ours. */
export function parseMark(name: string): { generation: number; bytes: number } | undefined {
  const match = /^(\d{1,9}):(\d{1,9})$/.exec(name);
  return match === null ? undefined : { generation: Number(match[1]), bytes: Number(match[2]) };
}
