import type {
  TextToSpeechOptions,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from '../../call/reply/reply.ts';
import type { VendorError } from '../../platform/process/errors.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { ContextSocket } from './context-socket.ts';
import { ElevenLabsUtterance } from './utterance.ts';

/** A socket that closes idle after this long has reached the vendor's limits, and is replaced by another. */
const MIN_LIFE_MS = 10_000;

/**
 * One call's session: one socket, one context per utterance. When contexts that are still closing fill the socket, as
 * after quick barge-ins, a second one takes over and the first closes after its last utterance.
 */
export class ElevenLabsSession implements TextToSpeechSession {
  readonly #vendor: VendorOptions;
  readonly #options: TextToSpeechOptions;
  readonly #onClosed: (error: VendorError | undefined) => void;
  readonly #utterances = new Set<ElevenLabsUtterance>();
  readonly #sockets = new Set<ContextSocket>();
  #current: ContextSocket;
  #failure: VendorError | undefined;
  #phase: 'open' | 'closing' | 'closed' = 'open';

  constructor(
    vendor: VendorOptions,
    options: TextToSpeechOptions,
    onClosed: (error: VendorError | undefined) => void,
  ) {
    this.#vendor = vendor;
    this.#options = options;
    this.#onClosed = onClosed;
    this.#current = this.#connect();
  }

  begin(listener: (event: UtteranceEvent) => void): Utterance {
    const utterance = new ElevenLabsUtterance({
      listener,
      socketForContext: () => this.#socketWithRoom(),
      onOver: () => {
        this.#utterances.delete(utterance);
        this.#closeUnusedSockets();
      },
    });
    if (this.#phase === 'open') this.#utterances.add(utterance);
    else utterance.abandon(this.#failure);
    return utterance;
  }

  close(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    for (const utterance of this.#utterances) utterance.cancel();
    for (const socket of this.#sockets) socket.close();
  }

  #connect(): ContextSocket {
    const socket = new ContextSocket(this.#vendor, this.#options, {
      onOpen: () => {
        for (const utterance of this.#utterances) utterance.onSocketOpen(socket);
      },
      onClosed: (error) => this.#onSocketClosed(socket, error),
    });
    this.#sockets.add(socket);
    return socket;
  }

  #socketWithRoom(): ContextSocket {
    if (!this.#current.hasRoom) {
      this.#current = this.#connect();
      this.#closeUnusedSockets();
    }
    return this.#current;
  }

  #closeUnusedSockets(): void {
    for (const socket of this.#sockets) {
      const isUsed = socket === this.#current || [...this.#utterances].some((one) => one.socket === socket);
      if (!isUsed) socket.close();
    }
  }

  #onSocketClosed(socket: ContextSocket, error: VendorError | undefined): void {
    this.#sockets.delete(socket);
    if (this.#phase === 'open' && error !== undefined) this.#onLost(socket, error);
    if (this.#phase === 'closing' && this.#sockets.size === 0) {
      this.#phase = 'closed';
      this.#onClosed(this.#failure);
    }
  }

  #onLost(socket: ContextSocket, error: VendorError): void {
    const wasIdle = ![...this.#utterances].some((one) => one.socket === socket);
    const livedMs = this.#vendor.clock.nowMs() - (socket.openedAtMs ?? Infinity);
    if (wasIdle && livedMs >= MIN_LIFE_MS) {
      if (socket === this.#current) this.#current = this.#connect();
      return;
    }
    this.#failure = error;
    this.#phase = 'closing';
    for (const utterance of this.#utterances) utterance.abandon(error);
    for (const other of this.#sockets) other.close();
  }
}
