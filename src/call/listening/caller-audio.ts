import { BYTES_PER_MS, msToBytes, MULAW_SILENCE } from '../../audio/frame.ts';
import { ClockMap, type MediaMs, mediaMs, position, type Position } from '../clocks.ts';

/** A carrier's stamps jitter by a frame or two; more is audio that never came. */
const GAP_TOLERANCE_MS = 40;
/** A longer gap is a new stretch of the call, not silence worth sending. */
const LONGEST_GAP_MS = 10_000;
/** A gap is filled in pieces of this size, so that what follows it need not handle huge ones. */
const PIECE_MS = 500;

const silentPiece = new Uint8Array(msToBytes(PIECE_MS)).fill(MULAW_SILENCE);

/**
 * Caller audio without holes. Recognisers and voice activity count audio, not seconds: where the carrier's stamps jump
 * or its frames stay away, silence is put in, and every byte still knows its place on the call's media clock.
 */
export class CallerAudio {
  readonly #mediaClock = new ClockMap<Position, MediaMs>(1 / BYTES_PER_MS);
  readonly #take: (mulaw: Uint8Array) => void;
  #endPosition = position(0);

  /** `take` gets every byte once, in order, synchronously. */
  constructor(take: (mulaw: Uint8Array) => void) {
    this.#take = take;
  }

  hear(mulaw: Uint8Array, stampMs: MediaMs): void {
    const offsetMs = wholeBytes(stampMs);
    const gapMs = this.#mediaClock.isEmpty ? 0 : offsetMs - this.#mediaClock.at(this.#endPosition);
    if (gapMs > GAP_TOLERANCE_MS) this.addSilence(Math.min(gapMs, LONGEST_GAP_MS));
    // Behind its stamps (late after silence was put in for it) or far ahead: the bytes are right, the place is new.
    const isElsewhere = gapMs < -GAP_TOLERANCE_MS || gapMs > LONGEST_GAP_MS;
    if (this.#mediaClock.isEmpty || isElsewhere) this.#mediaClock.add(this.#endPosition, offsetMs);
    this.#append(mulaw);
  }

  addSilence(durationMs: number): void {
    for (let left = msToBytes(durationMs); left > 0; left -= silentPiece.length) {
      this.#append(silentPiece.subarray(0, Math.min(left, silentPiece.length)));
    }
  }

  offsetMsAt(at: Position): MediaMs {
    return this.#mediaClock.at(at);
  }

  #append(mulaw: Uint8Array): void {
    this.#endPosition = position(this.#endPosition + mulaw.length);
    this.#take(mulaw);
  }
}

/** The media clock as finely as there are bytes on it. */
function wholeBytes(offsetMs: MediaMs): MediaMs {
  return mediaMs(msToBytes(offsetMs) / BYTES_PER_MS);
}
