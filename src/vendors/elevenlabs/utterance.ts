import type { Utterance, UtteranceEvent } from '../../call/reply/reply.ts';
import { VendorError } from '../../platform/process/errors.ts';
import { CharacterTimes } from './character-times.ts';
import type { ContextSocket } from './context-socket.ts';
import type { ServerMessage } from './server-message.ts';

/** The model's limit on the text of one generation, applied to text waiting for the socket. */
const MAX_WAITING_CHARACTERS = 40_000;

interface UtteranceOptions {
  readonly listener: (event: UtteranceEvent) => void;
  /** A socket that can take another context; it may still be connecting. */
  readonly socketForContext: () => ContextSocket;
  /** Called exactly once, when the utterance has ended, failed or been cancelled. */
  readonly onOver: () => void;
}

/** One reply being spoken. Its context is opened with its first text. */
export class ElevenLabsUtterance implements Utterance {
  readonly #options: UtteranceOptions;
  readonly #times = new CharacterTimes();
  #socket: ContextSocket | undefined;
  #contextId: string | undefined;
  /** Text that came before the socket was open. */
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #phase: 'open' | 'ending' | 'over' = 'open';

  constructor(options: UtteranceOptions) {
    this.#options = options;
  }

  get socket(): ContextSocket | undefined {
    return this.#socket;
  }

  push(text: string): void {
    if (this.#phase !== 'open' || text === '') return;
    this.#times.pushed(text);
    // For white space alone the vendor generates and answers nothing.
    if (text.trim() === '') return;
    this.#socket ??= this.#options.socketForContext();
    this.#contextId ??= this.#socket.openContext({ onOutput: (output) => this.#onOutput(output) });
    if (this.#socket.isOpen) this.#socket.speak(this.#contextId, text);
    else this.#wait(text);
  }

  end(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'ending';
    if (this.#contextId === undefined) queueMicrotask(() => this.#finish());
    else if (this.#socket?.isOpen === true) this.#socket.closeContext(this.#contextId, 'rest');
  }

  cancel(): void {
    if (this.#phase === 'over') return;
    if (this.#contextId !== undefined) this.#socket?.closeContext(this.#contextId, 'nothing');
    this.#over();
  }

  /** The socket is closed; the utterance fails. */
  abandon(error: VendorError | undefined): void {
    if (this.#phase === 'over') return;
    this.#over();
    const reason =
      error ?? new VendorError('elevenlabs', 'the session is closed', { code: 'closed', isRetryable: false });
    this.#options.listener({ type: 'failed', error: reason });
  }

  onSocketOpen(socket: ContextSocket): void {
    if (this.#socket !== socket || this.#contextId === undefined) return;
    for (const text of this.#waiting) socket.speak(this.#contextId, text);
    this.#waiting = [];
    if (this.#phase === 'ending') socket.closeContext(this.#contextId, 'rest');
  }

  #wait(text: string): void {
    this.#waitingCharacters += text.length;
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) {
      this.#socket?.closeContext(this.#contextId ?? '', 'nothing');
      this.abandon(
        new VendorError('elevenlabs', 'too much text waits for the connection', {
          code: 'too-much-text',
          isRetryable: false,
        }),
      );
      return;
    }
    this.#waiting.push(text);
  }

  #onOutput({ mulaw, alignment, isFinal }: Extract<ServerMessage, { type: 'output' }>): void {
    if (mulaw !== undefined) this.#options.listener({ type: 'audio', mulaw });
    // The listener may have cancelled from inside the event.
    if (this.#phase === 'over') return;
    const characters = this.#times.received(mulaw?.byteLength ?? 0, alignment);
    if (characters.length > 0) this.#options.listener({ type: 'alignment', characters });
    if (isFinal) this.#onFinal();
  }

  #onFinal(): void {
    if (this.#phase === 'ending') {
      this.#finish();
    } else if (this.#phase === 'open') {
      // The vendor has ended the context unasked, and would drop what is pushed next.
      this.abandon(
        new VendorError('elevenlabs', 'the context ended by itself', {
          code: 'context-ended',
          isRetryable: true,
        }),
      );
    }
  }

  #finish(): void {
    if (this.#isOver()) return;
    const characters = this.#times.ended();
    if (characters.length > 0) this.#options.listener({ type: 'alignment', characters });
    if (this.#isOver()) return;
    this.#over();
    this.#options.listener({ type: 'ended' });
  }

  #isOver(): boolean {
    return this.#phase === 'over';
  }

  #over(): void {
    this.#phase = 'over';
    this.#waiting = [];
    this.#options.onOver();
  }
}
