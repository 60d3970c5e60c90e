import { FRAME_BYTES, FRAME_MS, MULAW_SILENCE } from '../../src/audio/frame.ts';
import type { ScriptedCaller } from '../caller/scripted-caller.ts';
import type { CarrierBehaviour } from '../scenario.ts';
import { AUDIBLE_LEVEL, levelOf } from '../speech/level.ts';
import type { StereoRecording } from '../wav.ts';
import type { CarrierStream } from './carrier-stream.ts';
import type { FrameClock } from './frame-clock.ts';

const SILENCE = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
/** A silence no longer than this, between sounds, is counted as a buffer underrun. */
const LONGEST_GAP_MS = 300;

interface Sound {
  readonly mulaw: Uint8Array;
  offset: number;
  readonly done: () => void;
}

/** The line between the caller's telephone and the carrier: every 20 ms a frame goes each way. */
export class Line {
  readonly #caller: ScriptedCaller;
  readonly #recording: StereoRecording | undefined;
  readonly #gap: CarrierBehaviour['mediaGap'];
  readonly #unsubscribe: () => void;
  #stream: CarrierStream | undefined;
  #sound: Sound | undefined;
  #timers: { readonly atMs: number; readonly done: () => void }[] = [];
  #dryMs = 0;
  #wasAudible = false;
  atMs = 0;
  gaps = 0;
  latestFrameMs = 0;

  constructor(options: {
    readonly clock: FrameClock;
    readonly caller: ScriptedCaller;
    readonly recording: StereoRecording | undefined;
    readonly mediaGap: CarrierBehaviour['mediaGap'];
  }) {
    this.#caller = options.caller;
    this.#recording = options.recording;
    this.#gap = options.mediaGap;
    this.#unsubscribe = options.clock.subscribe((lateMs) => this.#frame(lateMs));
  }

  /** Connects the caller with a media stream, or with nothing. */
  connect(stream: CarrierStream | undefined): void {
    this.#stream = stream;
    this.cleared();
  }

  /** The queue was cleared, so the silence that follows is no underrun. */
  cleared(): void {
    this.#dryMs = LONGEST_GAP_MS + FRAME_MS;
  }

  /** The caller hears this to its end, or until the signal. */
  play(mulaw: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#until(signal, (done) => {
      this.#sound = { mulaw, offset: 0, done };
    });
  }

  /** Time on the line, during which the caller hears silence. */
  wait(durationMs: number, signal: AbortSignal): Promise<void> {
    return this.#until(signal, (done) => this.#timers.push({ atMs: this.atMs + durationMs, done }));
  }

  close(): void {
    this.#unsubscribe();
    this.#sound = undefined;
    this.#timers = [];
    this.#stream = undefined;
  }

  #until(signal: AbortSignal, start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        this.#sound = undefined;
        resolve();
      };
      signal.addEventListener('abort', aborted, { once: true });
      start(done);
    });
  }

  #frame(lateMs: number): void {
    const startMs = this.atMs;
    if (lateMs > this.latestFrameMs) this.latestFrameMs = lateMs;
    const heard = this.#hear();
    const spoken = this.#caller.frame(heard, startMs);
    this.atMs = startMs + FRAME_MS;
    this.#recording?.write(spoken ?? SILENCE, heard);
    // The caller may just have hung up.
    if (this.#stream?.isLive) {
      if (this.#isInGap(startMs)) this.#stream.skipFrame();
      else this.#stream.sendFrame(spoken);
    }
    this.#ringTimers();
  }

  #hear(): Uint8Array {
    if (this.#stream !== undefined) {
      const isDry = this.#stream.pendingPlaybackBytes === 0;
      const heard = this.#stream.play();
      this.#countGap(isDry, heard);
      return heard;
    }
    const sound = this.#sound;
    if (sound === undefined) return SILENCE;
    const frame = sound.mulaw.subarray(sound.offset, sound.offset + FRAME_BYTES);
    sound.offset += FRAME_BYTES;
    if (sound.offset >= sound.mulaw.length) {
      this.#sound = undefined;
      sound.done();
    }
    return frame.length === FRAME_BYTES ? frame : SILENCE;
  }

  #countGap(isDry: boolean, heard: Uint8Array): void {
    if (isDry) {
      this.#dryMs += FRAME_MS;
      return;
    }
    const isAudible = levelOf(heard) > AUDIBLE_LEVEL;
    if (this.#dryMs > 0 && this.#dryMs <= LONGEST_GAP_MS && this.#wasAudible && isAudible) this.gaps += 1;
    this.#dryMs = 0;
    this.#wasAudible = isAudible;
  }

  #isInGap(atMs: number): boolean {
    const gap = this.#gap;
    return gap !== undefined && atMs >= gap.afterMs && atMs < gap.afterMs + gap.durationMs;
  }

  #ringTimers(): void {
    if (this.#timers.length === 0) return;
    const due = this.#timers.filter((timer) => timer.atMs <= this.atMs);
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.atMs);
    for (const timer of due) timer.done();
  }
}
