import type { Cut, SpeakLatency } from '../faults.ts';
import { SpeechDelivery, type DeliveredSpeech, type SpeechSource } from '../speech-delivery.ts';
import { AlignmentCursor, type Alignment } from './alignment.ts';

export interface GenerationSettings {
  readonly autoMode: boolean;
  readonly syncAlignment: boolean;
  readonly schedule: readonly number[];
  readonly speed: number;
}

export interface AudioMessage {
  /** Base64. */
  readonly audio: string;
  readonly alignment: Alignment | null;
  readonly normalizedAlignment: Alignment | null;
}

export interface GenerationSink {
  audio(message: AudioMessage, mulawBytes: number, firstOf: DeliveredSpeech | undefined): void;
  cut(fault: Cut<'byte'>): void;
}

/** Below this `try_trigger_generation` waits for more. */
const TRIGGER_MINIMUM = 50;
/**
 * The vendor's chunks are of any size; this one is no multiple of a telephone frame, so that no client relies on it.
 */
const CHUNK_BYTES = 2_500;

/** Generates audio of one context's text, which is buffered until there is enough, or until a flush. */
export class Generation {
  readonly #settings: GenerationSettings;
  readonly #source: SpeechSource;
  readonly #delivery: SpeechDelivery;
  #buffer = '';
  #generations = 0;
  #cursor: AlignmentCursor | undefined;

  constructor(
    settings: GenerationSettings,
    source: SpeechSource,
    latency: SpeakLatency,
    fault: Cut<'byte'> | undefined,
    sink: GenerationSink,
  ) {
    this.#settings = settings;
    this.#source = source;
    this.#delivery = new SpeechDelivery(latency, CHUNK_BYTES, {
      audio: (mulaw, speech, startByte) => {
        if (startByte === 0) this.#cursor = new AlignmentCursor(speech, settings.syncAlignment);
        const alignment = this.#cursor!.take(startByte + mulaw.length);
        const audio = Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.length).toString('base64');
        const firstOf = startByte === 0 ? speech : undefined;
        sink.audio({ audio, alignment, normalizedAlignment: alignment }, mulaw.length, firstOf);
      },
      cut: (cutFault) => sink.cut(cutFault),
    });
    this.#delivery.begin(fault);
  }

  add(text: string, tryTrigger: boolean): void {
    this.#buffer += text;
    const { autoMode, schedule } = this.#settings;
    const needed = schedule[Math.min(this.#generations, schedule.length - 1)]!;
    const isEnough = this.#buffer.length >= (tryTrigger ? TRIGGER_MINIMUM : needed);
    if (autoMode || isEnough) this.#generate();
  }

  flush(flushed?: () => void): void {
    this.#generate();
    if (flushed) this.#delivery.mark(flushed);
  }

  /** Text that was not flushed is dropped; calls back after the last audio. */
  finish(finished: () => void): void {
    this.#buffer = '';
    this.#delivery.mark(finished);
  }

  stop(): void {
    this.#delivery.stop();
  }

  #generate(): void {
    const text = this.#buffer;
    if (text.trim() === '') return;
    this.#buffer = '';
    this.#generations += 1;
    this.#delivery.speak(this.#source(text, this.#settings.speed));
  }
}
