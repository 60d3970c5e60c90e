import type { CallSid, StreamSid } from '../../src/business/tenancy/ids/ids.ts';
import type { CancelTimer, Clock } from '../../src/platform/process/clock.ts';
import type { MediaStream, MediaStreamEvent } from '../../src/call/transport/media-stream.ts';

interface Played {
  readonly mulaw: Uint8Array;
  readonly startAtMs: number;
  /** Set when a `clear` cut it. */
  heardBytes: number;
}

interface PendingMark {
  readonly name: string;
  cancel: CancelTimer;
}

export interface PlayingCarrierOptions {
  readonly uplinkMs?: () => number;
  readonly downlinkMs?: () => number;
}

/**
 * A carrier in virtual time, with an ear: plays what it is sent in real time after a network delay, echoes marks when
 * they are reached, and all of them on `clear`. Messages keep their order.
 */
export class PlayingCarrier implements MediaStream {
  readonly callSid = 'CA00000000000000000000000000000001' as CallSid;
  readonly streamSid = 'MZ00000000000000000000000000000001' as StreamSid;
  bufferedBytes = 0;
  /** Everything we were told, in order. */
  readonly sent: {
    readonly type: 'audio' | 'mark' | 'clear';
    readonly bytes: number;
    readonly atMs: number;
  }[] = [];
  readonly marks: string[] = [];
  onMark: (name: string) => void = () => undefined;
  /** A carrier that never answers. */
  isMute = false;
  isClosed = false;
  readonly #clock: Clock;
  readonly #uplinkMs: () => number;
  readonly #downlinkMs: () => number;
  readonly #played: Played[] = [];
  readonly #pendingMarks = new Set<PendingMark>();
  #queueEndsAtMs = 0;
  #lastArrivalAtMs = 0;
  #lastEchoAtMs = 0;

  constructor(clock: Clock, options: PlayingCarrierOptions = {}) {
    this.#clock = clock;
    this.#uplinkMs = options.uplinkMs ?? (() => 0);
    this.#downlinkMs = options.downlinkMs ?? (() => 0);
  }

  listen(_listener: (event: MediaStreamEvent) => void): void {
    // Marks go through `onMark`; nothing else comes in here.
  }

  sendAudio(mulaw: Uint8Array): void {
    const copy = Uint8Array.from(mulaw);
    this.sent.push({ type: 'audio', bytes: copy.length, atMs: this.#clock.nowMs() });
    this.#arrive(() => {
      const startAtMs = Math.max(this.#clock.nowMs(), this.#queueEndsAtMs);
      this.#played.push({ mulaw: copy, startAtMs, heardBytes: copy.length });
      this.#queueEndsAtMs = startAtMs + copy.length / 8;
    });
  }

  sendMark(name: string): void {
    this.sent.push({ type: 'mark', bytes: 0, atMs: this.#clock.nowMs() });
    this.marks.push(name);
    this.#arrive(() => {
      const pending: PendingMark = { name, cancel: () => undefined };
      this.#pendingMarks.add(pending);
      const waitMs = Math.max(0, this.#queueEndsAtMs - this.#clock.nowMs());
      pending.cancel = this.#clock.after(waitMs, () => this.#echo(pending));
    });
  }

  clear(): void {
    this.sent.push({ type: 'clear', bytes: 0, atMs: this.#clock.nowMs() });
    this.#arrive(() => {
      const nowMs = this.#clock.nowMs();
      for (const played of this.#played) {
        const elapsedBytes = Math.max(0, Math.floor((nowMs - played.startAtMs) * 8 + 1e-6));
        played.heardBytes = Math.min(played.heardBytes, elapsedBytes);
      }
      this.#queueEndsAtMs = nowMs;
      for (const pending of this.#pendingMarks) {
        pending.cancel();
        this.#echo(pending);
      }
    });
  }

  close(): void {
    this.isClosed = true;
  }

  get clears(): number {
    return this.sent.filter(({ type }) => type === 'clear').length;
  }

  /** Audio that was sent, in bytes. */
  get sentBytes(): number {
    return this.sent.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What has come out of the earpiece until now, silence left out. */
  heard(): Uint8Array {
    const nowMs = this.#clock.nowMs();
    const pieces = this.#played.map(({ mulaw, startAtMs, heardBytes }) => {
      const elapsedBytes = Math.max(0, Math.floor((nowMs - startAtMs) * 8 + 1e-6));
      return mulaw.subarray(0, Math.min(heardBytes, elapsedBytes));
    });
    return Buffer.concat(pieces);
  }

  /** Milliseconds of audio that have arrived and are not played yet. */
  get queuedMs(): number {
    return Math.max(0, this.#queueEndsAtMs - this.#clock.nowMs());
  }

  #echo(pending: PendingMark): void {
    this.#pendingMarks.delete(pending);
    if (this.isMute) return;
    this.#lastEchoAtMs = Math.max(this.#clock.nowMs() + this.#downlinkMs(), this.#lastEchoAtMs);
    this.#clock.after(this.#lastEchoAtMs - this.#clock.nowMs(), () => this.onMark(pending.name));
  }

  #arrive(action: () => void): void {
    this.#lastArrivalAtMs = Math.max(this.#clock.nowMs() + this.#uplinkMs(), this.#lastArrivalAtMs);
    const delayMs = this.#lastArrivalAtMs - this.#clock.nowMs();
    // On a network without delay things happen at once.
    if (delayMs === 0) action();
    else this.#clock.after(delayMs, action);
  }
}
