import type { Cut, SpeakLatency } from './faults.ts';
import { BYTES_PER_MS } from '../src/audio/frame.ts';
import type { SynthesisedSpeech } from './speech/synthesised-speech.ts';
import { synthesise } from './speech/synthesis.ts';

/** The speech of a text: audio, and the time of each character. */
export type DeliveredSpeech = Pick<SynthesisedSpeech, 'mulaw' | 'characters'>;

export type SpeechSource = (text: string, speed: number) => Promise<DeliveredSpeech>;

/** Speech of any text; with `canned` always the same audio, its characters spread evenly (for load). */
export function speechSource(canned: Uint8Array | undefined): SpeechSource {
  if (!canned) return (text, speed) => synthesise(text, { voice: 'agent', speed });
  const durationMs = canned.length / BYTES_PER_MS;
  return (text) => {
    const all = Array.from(text);
    const eachMs = durationMs / Math.max(1, all.length);
    const characters = all.map((character, index) => ({
      character,
      startMs: index * eachMs,
      endMs: (index + 1) * eachMs,
    }));
    return Promise.resolve({ mulaw: canned, characters });
  };
}

export interface DeliverySink {
  /** Audio of one piece, in order; `startByte` counts within the piece. */
  audio(mulaw: Uint8Array, speech: DeliveredSpeech, startByte: number): void;
  /** The fault that was asked for; after anything but `malformed` nothing more is delivered. */
  cut(fault: Cut<'byte'>): void;
}

type Item =
  | { readonly type: 'speech'; readonly speech: Promise<DeliveredSpeech>; readonly notBeforeMs: number }
  | { readonly type: 'utterance'; readonly fault: Cut<'byte'> | undefined }
  | { readonly type: 'marker'; readonly reached: () => void };

/** Delivers speech piece by piece in order, at the vendor's pace, with the fault its utterance was given. */
export class SpeechDelivery {
  readonly #latency: SpeakLatency;
  readonly #chunkBytes: number;
  readonly #sink: DeliverySink;
  readonly #items: Item[] = [];
  #fault: Cut<'byte'> | undefined;
  #sentBytes = 0;
  #busy = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(latency: SpeakLatency, chunkBytes: number, sink: DeliverySink) {
    this.#latency = latency;
    this.#chunkBytes = chunkBytes;
    this.#sink = sink;
  }

  /** What follows is an utterance of its own; the bytes at which its fault is due count from here. */
  begin(fault: Cut<'byte'> | undefined): void {
    this.#add({ type: 'utterance', fault });
  }

  speak(speech: Promise<DeliveredSpeech>): void {
    this.#add({ type: 'speech', speech, notBeforeMs: performance.now() + this.#latency.firstAudioMs });
  }

  /** Calls back when everything added before has been delivered; never in an utterance to be left unfinished. */
  mark(reached: () => void): void {
    this.#add({ type: 'marker', reached });
  }

  /** Drops what is left; nothing is called any more. */
  stop(): void {
    this.#stopped = true;
    this.#items.length = 0;
    clearTimeout(this.#timer);
  }

  #add(item: Item): void {
    if (this.#stopped) return;
    this.#items.push(item);
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let item = this.#items.shift(); item !== undefined; item = this.#items.shift()) {
      if (item.type === 'speech') await this.#deliver(await item.speech, item.notBeforeMs);
      else if (item.type === 'utterance') {
        this.#fault = item.fault;
        this.#sentBytes = 0;
      } else if (this.#fault?.type !== 'unfinished') item.reached();
      if (this.#stopped) return;
    }
    this.#busy = false;
  }

  async #deliver(speech: DeliveredSpeech, notBeforeMs: number): Promise<void> {
    const { mulaw } = speech;
    const startMs = Math.max(notBeforeMs, performance.now());
    const chunkEveryMs = (this.#chunkBytes / BYTES_PER_MS) * this.#latency.realTimeFactor;
    for (let start = 0, index = 0; start < mulaw.length && !this.#stopped; index += 1) {
      await this.#until(startMs + index * chunkEveryMs);
      if (this.#stopped) return;
      const end = Math.min(mulaw.length, start + this.#chunkBytes);
      start = this.#send(speech, start, end);
    }
  }

  /** Sends up to `end`, or up to where the fault is due, and says how far it came. */
  #send(speech: DeliveredSpeech, start: number, end: number): number {
    const fault = this.#fault;
    const left = fault && fault.type !== 'unfinished' ? fault.after - this.#sentBytes : Infinity;
    const until = Math.min(end, start + Math.max(0, left));
    if (until > start) {
      this.#sentBytes += until - start;
      this.#sink.audio(speech.mulaw.subarray(start, until), speech, start);
    }
    if (fault && until < end) {
      if (fault.type === 'malformed') this.#fault = undefined;
      else this.stop();
      this.#sink.cut(fault);
    }
    return until;
  }

  #until(atMs: number): Promise<void> | undefined {
    const delayMs = atMs - performance.now();
    if (delayMs <= 0) return undefined;
    return new Promise((resolve) => (this.#timer = setTimeout(resolve, delayMs)));
  }
}
