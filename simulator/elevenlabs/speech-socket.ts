import type { RawData } from 'ws';
import type { Cut, FaultsOf, SpeakFault, SpeakLatency } from '../faults.ts';
import type { Probe } from '../probe.ts';
import type { DeliveredSpeech, SpeechSource } from '../speech-delivery.ts';
import { parseObject, type VendorSocket } from '../vendor-server.ts';
import type { AudioMessage, GenerationSink } from './generation.ts';
import type { SpeechQuery } from './speech-query.ts';

export interface SpeechContext {
  readonly connection: number;
  readonly voiceId: string;
  readonly query: SpeechQuery;
  readonly source: SpeechSource;
  readonly latency: SpeakLatency;
  readonly faults: FaultsOf<SpeakFault>;
  readonly stats: ElevenlabsStats;
  readonly probe: Probe | undefined;
  /** Undefined: the upgrade carried a good key already. */
  readonly acceptsKey: ((key: unknown) => boolean) | undefined;
}

export interface ElevenlabsStats {
  connections: number;
  open: number;
  refused: number;
  /** Contexts, single streams and HTTP requests. */
  utterances: number;
  openContexts: number;
  characters: number;
  audioBytes: number;
  timedOut: number;
}

/** What both kinds of socket share: JSON in and out, the vendor's way to fail, and the faults of a scenario. */
export class SpeechSocket {
  readonly #socket: VendorSocket;
  readonly #context: SpeechContext;
  readonly #inactivity: NodeJS.Timeout;
  #silenced = false;
  #isKnown: boolean;

  constructor(socket: VendorSocket, context: SpeechContext, handlers: SpeechSocketHandlers) {
    this.#socket = socket;
    this.#context = context;
    this.#isKnown = context.acceptsKey === undefined;
    this.#inactivity = setTimeout(() => handlers.inactive(), context.query.inactivityTimeoutMs);
    context.stats.open += 1;
    socket.ws.on('close', () => {
      clearTimeout(this.#inactivity);
      context.stats.open -= 1;
      handlers.closed();
    });
    socket.ws.on('message', (data: RawData, isBinary: boolean) => {
      this.#inactivity.refresh();
      if (this.#silenced) return;
      const message = isBinary ? undefined : parseObject((data as Buffer).toString());
      if (!message) this.fail('invalid_message', 'a message must be a JSON object in a text frame');
      else if (this.#admit(message)) handlers.message(message);
    });
  }

  send(message: object): void {
    if (!this.#silenced) this.#socket.ws.send(JSON.stringify(message));
  }

  /** The vendor's error message, and the close that follows it. */
  fail(error: string, message: string, code = 1008): void {
    this.send({ message, error, code });
    this.close(code, error);
  }

  close(code = 1000, reason = ''): void {
    clearTimeout(this.#inactivity);
    if (!this.#silenced) this.#socket.ws.close(code, reason);
    this.#silenced = true;
  }

  /** Where a generation's audio goes; `contextId` is added to each message of a multi-context socket. */
  sink(contextId: string | undefined): GenerationSink {
    return {
      audio: (message: AudioMessage, mulawBytes: number, firstOf: DeliveredSpeech | undefined) => {
        this.#context.stats.audioBytes += mulawBytes;
        this.send(contextId === undefined ? message : { ...message, contextId });
        const { probe, connection } = this.#context;
        if (!probe || !firstOf) return;
        const text = firstOf.characters.map(({ character }) => character).join('');
        probe({ type: 'first-audio-sent', connection, text, atMs: performance.now() });
      },
      cut: (fault) => this.#perform(fault),
    };
  }

  textReceived(text: string): void {
    const { stats, probe, connection } = this.#context;
    stats.characters += text.length;
    if (text.trim() !== '')
      probe?.({ type: 'speech-text-received', connection, text, atMs: performance.now() });
  }

  /** A key may come with the first message instead of the upgrade. */
  #admit(message: Readonly<Record<string, unknown>>): boolean {
    if (this.#isKnown) return true;
    this.#isKnown = this.#context.acceptsKey!(message['xi_api_key']);
    if (!this.#isKnown) this.fail('invalid_api_key', 'Invalid API key');
    return this.#isKnown;
  }

  #perform(fault: Cut<'byte'>): void {
    switch (fault.type) {
      case 'reset':
        this.#silenced = true;
        this.#socket.reset();
        return;
      case 'close':
        this.close(1000);
        return;
      case 'stall':
        this.#silenced = true;
        return;
      case 'malformed':
        this.#socket.ws.send('{"audio":"AAAA","alignm');
        return;
      case 'error':
        this.fail('something_went_wrong', 'An unexpected error occurred', 1011);
        return;
      case 'unfinished':
        return;
      default:
        fault.type satisfies never;
    }
  }
}

export interface SpeechSocketHandlers {
  message(message: Readonly<Record<string, unknown>>): void;
  inactive(): void;
  closed(): void;
}
