import { FRAME_BYTES, MULAW_SILENCE } from '../../src/audio/frame.ts';
import { decodeMulaw, encodeMulaw } from '../../src/audio/mulaw.ts';
import type { LineQuality } from '../scenario.ts';
import type { SpeechRegistry } from '../speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../speech/synthesised-speech.ts';

const ECHO_GAIN = 0.1;
/** From the loudspeaker to the microphone and through the telephone. */
const ECHO_DELAY_FRAMES = 4;
/** Long enough that the recogniser does not notice the loop. */
const NOISE_LOOP_FRAMES = 500;

/**
 * The caller's microphone: turns what the caller says into frames as they go out, with the noise of the place and the
 * echo of the agent, and registers them for the recogniser.
 */
export class Transmitter {
  readonly #registry: SpeechRegistry;
  readonly #noise: Int16Array | undefined;
  readonly #echo: Uint8Array[] | undefined;
  readonly #mix = new Int16Array(FRAME_BYTES);
  readonly #scratch = new Int16Array(FRAME_BYTES);
  #noiseFrame = 0;
  #speech:
    | { readonly mulaw: Uint8Array; readonly register: ((frame: Uint8Array) => void) | undefined }
    | undefined;
  #offset = 0;

  constructor(registry: SpeechRegistry, line: LineQuality) {
    this.#registry = registry;
    const { noiseLevel = 0, echoesAgent = false } = line;
    this.#noise = noiseLevel > 0 ? makeNoise(noiseLevel) : undefined;
    this.#echo = echoesAgent ? [] : undefined;
  }

  get isSpeaking(): boolean {
    return this.#speech !== undefined;
  }

  say(speech: Pick<SynthesisedSpeech, 'mulaw' | 'words'>): void {
    const isClean = this.#noise === undefined && this.#echo === undefined;
    if (isClean) this.#registry.register(speech);
    const register = isClean ? undefined : this.#registry.registerByFrame(speech.words);
    this.#speech = { mulaw: speech.mulaw, register };
    this.#offset = 0;
  }

  /** A noise that the recogniser does not know. */
  makeSound(mulaw: Uint8Array): void {
    this.#speech = { mulaw, register: undefined };
    this.#offset = 0;
  }

  /** The next 20 ms; undefined is silence. `heard` is what the agent's voice sounds like meanwhile. */
  nextFrame(heard: Uint8Array): Uint8Array | undefined {
    const spoken = this.#nextSpoken();
    const frame = this.#noise || this.#echo ? this.#mixed(spoken, heard) : spoken;
    if (spoken !== undefined && frame !== undefined) this.#speech?.register?.(frame);
    if (this.#speech !== undefined && this.#offset >= this.#speech.mulaw.length) this.#speech = undefined;
    return frame;
  }

  #nextSpoken(): Uint8Array | undefined {
    if (this.#speech === undefined) return undefined;
    const frame = this.#speech.mulaw.subarray(this.#offset, this.#offset + FRAME_BYTES);
    this.#offset += FRAME_BYTES;
    if (frame.length === FRAME_BYTES) return frame;
    const padded = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
    padded.set(frame);
    return padded;
  }

  #mixed(spoken: Uint8Array | undefined, heard: Uint8Array): Uint8Array {
    this.#mix.fill(0);
    if (spoken !== undefined) this.#add(decodeMulaw(spoken, this.#scratch), 1);
    if (this.#noise !== undefined) {
      const start = this.#noiseFrame * FRAME_BYTES;
      this.#add(this.#noise.subarray(start, start + FRAME_BYTES), 1);
      this.#noiseFrame = (this.#noiseFrame + 1) % NOISE_LOOP_FRAMES;
    }
    if (this.#echo !== undefined) {
      this.#echo.push(heard.slice());
      const late = this.#echo.length > ECHO_DELAY_FRAMES ? this.#echo.shift() : undefined;
      if (late !== undefined) this.#add(decodeMulaw(late, this.#scratch), ECHO_GAIN);
    }
    return encodeMulaw(this.#mix);
  }

  #add(samples: Int16Array, gain: number): void {
    for (let i = 0; i < FRAME_BYTES; i += 1) {
      this.#mix[i] = Math.max(-32_768, Math.min(32_767, this.#mix[i]! + samples[i]! * gain));
    }
  }
}

/** A cough: a burst of noise with a rising and falling level. */
export function makeCough(durationMs: number): Uint8Array {
  const samples = makeNoise(6_000).subarray(0, Math.min(durationMs * 8, NOISE_LOOP_FRAMES * FRAME_BYTES));
  return encodeMulaw(samples.map((sample, i) => sample * Math.sin((Math.PI * i) / samples.length)));
}

/** White noise of the given level, the same every time so that calls can be repeated. */
function makeNoise(level: number): Int16Array {
  const samples = new Int16Array(NOISE_LOOP_FRAMES * FRAME_BYTES);
  let state = 0x2545f491;
  for (let i = 0; i < samples.length; i += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // Uniform between ±level·√3 has the root mean square `level`.
    samples[i] = (state / 0x8000_0000) * level * Math.sqrt(3);
  }
  return samples;
}
