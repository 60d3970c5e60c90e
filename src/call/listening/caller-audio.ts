import { BYTES_PER_MS, msToBytes, MULAW_SILENCE } from '../../audio/frame.ts';
import { ClockMap, type MediaMs, mediaMs, position, type Position } from '../clocks.ts';

/** A carrier's timestamps jitter by a frame or two; a larger difference is missing audio. */
const GAP_TOLERANCE_MS = 40;
/** A longer gap is not filled: the audio continues at a new position instead. */
const LONGEST_GAP_MS = 10_000;
/** A gap is filled in pieces of this size, so that what follows it need not handle huge ones. */
const PIECE_MS = 500;

const silentPiece = new Uint8Array(msToBytes(PIECE_MS)).fill(MULAW_SILENCE);

/**
 * Caller audio without gaps. Recognisers and voice activity measure time in audio, so silence is inserted where the
 * carrier's timestamps jump or its frames are missing. Every byte keeps its position on the call's media clock.
 */
export class CallerAudio {
  readonly #mediaClock = new ClockMap<Position, MediaMs>(1 / BYTES_PER_MS);
  readonly #take: (mulaw: Uint8Array) => void;
  #endPosition = position(0);

  /** `take` is called with every byte once, in order, synchronously. */
  constructor(take: (mulaw: Uint8Array) => void) {
    this.#take = take;
  }

  hear(mulaw: Uint8Array, stampMs: MediaMs): void {
    const offsetMs = wholeBytes(stampMs);
    const gapMs = this.#mediaClock.isEmpty ? 0 : offsetMs - this.#mediaClock.at(this.#endPosition);
    if (gapMs > GAP_TOLERANCE_MS) this.addSilence(Math.min(gapMs, LONGEST_GAP_MS));
    // Late audio, for which silence was inserted already, and audio far ahead are kept, at a new position.
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

/** Rounds a time to whole bytes. */
function wholeBytes(offsetMs: MediaMs): MediaMs {
  return mediaMs(msToBytes(offsetMs) / BYTES_PER_MS);
}
