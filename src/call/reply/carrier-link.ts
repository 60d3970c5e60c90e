import type { Clock } from '../../platform/process/clock.ts';
import { mediaMs, type MediaMs } from '../clocks.ts';
import type { MediaStream } from '../transport/transport.ts';

/** Position on the call's media clock. */
export interface MediaClock {
  offsetMs(): MediaMs;
}

/** Receives what is sent to the carrier and when it will be played, for the recording. */
export interface PlayoutTap {
  onSent(mulaw: Uint8Array, playOffsetMs: MediaMs): void;
  /** Audio from this position on was cleared and will not be played. */
  onCleared(fromOffsetMs: MediaMs): void;
}

/** Limit of the socket's send buffer, for a carrier that reads slower than real time [F20]. */
const MAX_BUFFERED_BYTES = 64 * 1024;
/** Assumed until the first measurement. */
const DEFAULT_ROUND_TRIP_MS = 80;
const MAX_ROUND_TRIP_MS = 500;
const PROBE_PREFIX = 'rtt:';
/** Minimum interval between two measurements. */
const PROBE_EVERY_MS = 1_000;
/** The round trip is a moving average, because networks change during a call. */
const ROUND_TRIP_SAMPLES = 8;

/**
 * The current media stream of a call, the generation number that distinguishes valid marks from those of cleared audio,
 * and the round trip. It outlives streams, because a call may get a new one.
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

  /**
   * Position on the media clock at which audio sent now to an empty queue is played; inbound audio is stamped at the
   * carrier.
   */
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
   * Measures the round trip with a mark, which the carrier returns at once while it has nothing to play; to be called
   * only then.
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

  /** True if the mark was a probe of this link. */
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

/** Parses `<generation>:<bytes>`; undefined for any other name. */
export function parseMark(name: string): { generation: number; bytes: number } | undefined {
  const match = /^(\d{1,9}):(\d{1,9})$/.exec(name);
  return match === null ? undefined : { generation: Number(match[1]), bytes: Number(match[2]) };
}
