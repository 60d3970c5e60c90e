import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from '../../../src/call/listening/speech-to-text.ts';
import { VendorError } from '../../../src/platform/process/errors.ts';

/** One stream opened at the scripted recogniser: what it was sent, and a way to answer. */
export class ScriptedStream implements SpeechToTextStream {
  readonly options: SpeechToTextOptions;
  readonly configured: unknown[] = [];
  readonly #listener: (event: SpeechToTextEvent) => void;
  #sent: Uint8Array[] = [];
  isClosed = false;

  constructor(options: SpeechToTextOptions, listener: (event: SpeechToTextEvent) => void) {
    this.options = options;
    this.#listener = listener;
  }

  get audio(): Buffer {
    return Buffer.concat(this.#sent);
  }

  get audioMs(): number {
    return this.audio.length / 8;
  }

  send(mulaw: Uint8Array): void {
    this.#sent.push(mulaw.slice());
  }

  configure(thresholds: unknown): void {
    this.configured.push(thresholds);
  }

  close(): void {
    this.isClosed = true;
    this.#listener({ type: 'closed', error: undefined });
  }

  tell(event: SpeechToTextEvent): this {
    this.#listener(event);
    return this;
  }

  ready(): this {
    return this.tell({ type: 'ready' });
  }

  heartbeat(): this {
    return this.tell({ type: 'heartbeat', audioMs: this.audioMs });
  }

  interim(text: string): this {
    return this.tell({ type: 'transcript-interim', text });
  }

  ended(text: string, words: Extract<SpeechToTextEvent, { type: 'turn-ended' }>['words'] = []): this {
    return this.tell({ type: 'turn-ended', text, words });
  }

  die(isRetryable = true): void {
    const error = new VendorError('deepgram', 'socket died', { isRetryable, code: '1006' });
    this.#listener({ type: 'closed', error });
  }
}

/** A recogniser that says only what the test tells it to say. */
export class ScriptedRecogniser implements SpeechToText {
  readonly vendor: string;
  readonly streams: ScriptedStream[] = [];
  readonly #isReadyAtOnce: boolean;

  constructor(vendor: string, options: { readonly isReadyAtOnce: boolean } = { isReadyAtOnce: true }) {
    this.vendor = vendor;
    this.#isReadyAtOnce = options.isReadyAtOnce;
  }

  open(options: SpeechToTextOptions, listener: (event: SpeechToTextEvent) => void): SpeechToTextStream {
    const stream = new ScriptedStream(options, listener);
    this.streams.push(stream);
    if (this.#isReadyAtOnce) stream.ready();
    return stream;
  }

  get latest(): ScriptedStream {
    return this.streams.at(-1)!;
  }
}
