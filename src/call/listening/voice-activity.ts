import loadFvad, { type FvadModule } from '@echogarden/fvad-wasm';
import { FRAME_BYTES, SAMPLE_RATE_HZ } from '../../audio/frame.ts';
import { levelDb } from '../../audio/level.ts';
import { decodeMulaw } from '../../audio/mulaw.ts';
import {
  detectSpeech,
  initialSpeechDetection,
  type SpeechChange,
  type SpeechDetectionSettings,
} from '../../audio/speech-detection.ts';

/** Detects whether somebody speaks, as the quick signal for barge-in. One per call. */
export interface VoiceActivity {
  /** Takes mu-law of any length, in order; `onChange` is called before it returns. */
  hear(mulaw: Uint8Array): void;
  /** True if recent frames may be speech, even if it has not lasted long enough for `onChange`. */
  readonly isVoiced: boolean;
  /** Frees the detector; idempotent. */
  close(): void;
}

export type OpenVoiceActivity = (
  settings: Omit<SpeechDetectionSettings, 'endAfterMs'>,
  onChange: (change: SpeechChange) => void,
) => VoiceActivity;

/** Shorter gaps lie within speech: plosives, and the pauses between words. */
const END_AFTER_MS = 300;
/** 2 of 0–3, "aggressive": 0 and 1 take low hiss and hum for speech; 3 misses soft syllables. */
const MODE = 2;

interface Fvad {
  readonly module: FvadModule;
  readonly allocate: (bytes: number) => number;
  readonly release: (pointer: number) => void;
  readonly create: () => number;
  readonly destroy: (detector: number) => void;
  readonly setMode: (detector: number, mode: number) => number;
  readonly setSampleRate: (detector: number, sampleRateHz: number) => number;
  /** 1 for voice. */
  readonly judge: (detector: number, samplesAt: number, length: number) => number;
}

let shared: Promise<Fvad> | undefined;

/** Loads the detector once for the process; every call then opens its own. */
export async function loadVoiceActivity(): Promise<OpenVoiceActivity> {
  shared ??= loadFvad().then(bindFvad);
  const fvad = await shared;
  return (settings, onChange) => new FvadVoiceActivity(fvad, settings, onChange);
}

function bindFvad(module: FvadModule): Fvad {
  return {
    module,
    allocate: module.cwrap('malloc', 'number', ['number']),
    release: module.cwrap('free', null, ['number']),
    create: module.cwrap('fvad_new', 'number', []),
    destroy: module.cwrap('fvad_free', null, ['number']),
    setMode: module.cwrap('fvad_set_mode', 'number', ['number', 'number']),
    setSampleRate: module.cwrap('fvad_set_sample_rate', 'number', ['number', 'number']),
    judge: module.cwrap('fvad_process', 'number', ['number', 'number', 'number']),
  };
}

class FvadVoiceActivity implements VoiceActivity {
  readonly #fvad: Fvad;
  readonly #settings: SpeechDetectionSettings;
  readonly #onChange: (change: SpeechChange) => void;
  readonly #detector: number;
  /** Address in the detector's memory. */
  readonly #samplesAt: number;
  readonly #samples = new Int16Array(FRAME_BYTES);
  readonly #frame = new Uint8Array(FRAME_BYTES);
  #frameBytes = 0;
  #state = initialSpeechDetection;
  #isClosed = false;

  constructor(
    fvad: Fvad,
    settings: Omit<SpeechDetectionSettings, 'endAfterMs'>,
    onChange: (change: SpeechChange) => void,
  ) {
    this.#fvad = fvad;
    this.#settings = { ...settings, endAfterMs: END_AFTER_MS };
    this.#onChange = onChange;
    this.#detector = fvad.create();
    this.#samplesAt = fvad.allocate(FRAME_BYTES * 2);
    fvad.setSampleRate(this.#detector, SAMPLE_RATE_HZ);
    fvad.setMode(this.#detector, MODE);
  }

  get isVoiced(): boolean {
    return this.#state.isSpeaking || this.#state.recentDb.at(-1) !== undefined;
  }

  hear(mulaw: Uint8Array): void {
    for (let from = 0; from < mulaw.length && !this.#isClosed;) {
      const bytes = Math.min(FRAME_BYTES - this.#frameBytes, mulaw.length - from);
      this.#frame.set(mulaw.subarray(from, from + bytes), this.#frameBytes);
      this.#frameBytes += bytes;
      from += bytes;
      if (this.#frameBytes === FRAME_BYTES) this.#hearFrame();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fvad.destroy(this.#detector);
    this.#fvad.release(this.#samplesAt);
  }

  #hearFrame(): void {
    this.#frameBytes = 0;
    decodeMulaw(this.#frame, this.#samples);
    this.#fvad.module.HEAP16.set(this.#samples, this.#samplesAt >> 1);
    const verdict = this.#fvad.judge(this.#detector, this.#samplesAt, FRAME_BYTES);
    const frame = { isVoiced: verdict === 1, levelDb: levelDb(this.#samples) };
    const { state, change } = detectSpeech(this.#state, frame, this.#settings);
    this.#state = state;
    if (change !== undefined) this.#onChange(change);
  }
}
