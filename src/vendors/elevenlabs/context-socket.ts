import type { TextToSpeechOptions } from '../../call/reply/reply.ts';
import type { CancelTimer } from '../../platform/process/clock.ts';
import type { VendorError } from '../../platform/process/errors.ts';
import { socketUrl, type VendorOptions } from '../vendor-options.ts';
import { VendorSocket } from '../vendor-socket.ts';
import { idleLimits, INACTIVITY_TIMEOUT_SECONDS } from './idle-limits.ts';
import { elevenlabsRefusal } from './refusal.ts';
import { parseServerMessage, type ServerMessage } from './server-message.ts';

/** Fast, and good enough for the telephone; digits are spelled out before they get here. */
export const MODEL_ID = 'eleven_flash_v2_5';
/** The vendor closes the whole socket at a sixth context; one is left as a margin. */
const MAX_CONTEXTS = 4;
/** Errors that a retry with the same key and voice would get again. */
const PERMANENT_ERROR = /api_key|quota|voice|unauthori|permission|payment|subscription|invalid|terms/;

export interface ContextListener {
  onOutput(output: Extract<ServerMessage, { type: 'output' }>): void;
}

interface Context {
  /** Undefined after the utterance was cancelled. */
  listener: ContextListener | undefined;
  isClosing: boolean;
}

/** One multi-context socket: opens contexts, keeps them alive, and counts those the vendor has not finished. */
export class ContextSocket {
  readonly #vendor: VendorOptions;
  readonly #options: TextToSpeechOptions;
  readonly #socket: VendorSocket;
  readonly #contexts = new Map<string, Context>();
  #nextContext = 1;
  #cancelKeepAlive: CancelTimer | undefined;
  #onOpen: (() => void) | undefined;
  openedAtMs: number | undefined;

  constructor(
    vendor: VendorOptions,
    options: TextToSpeechOptions,
    events: { onOpen: () => void; onClosed: (error: VendorError | undefined) => void },
  ) {
    this.#vendor = vendor;
    this.#options = options;
    this.#onOpen = events.onOpen;
    this.#socket = new VendorSocket(
      {
        vendor: 'elevenlabs',
        url: socketUrl(
          vendor.baseUrl,
          `/v1/text-to-speech/${encodeURIComponent(options.voiceId)}/multi-stream-input`,
          {
            model_id: MODEL_ID,
            output_format: 'ulaw_8000',
            auto_mode: true,
            sync_alignment: true,
            inactivity_timeout: INACTIVITY_TIMEOUT_SECONDS,
            language_code: options.language.split('-')[0]!.toLowerCase(),
          },
        ),
        headers: { 'xi-api-key': vendor.apiKey },
        secret: vendor.apiKey,
        refusal: elevenlabsRefusal,
        clock: vendor.clock,
        pingEveryMs: idleLimits.contexts.keepAliveEveryMs,
      },
      {
        onOpen: () => this.#opened(),
        onText: (text) => this.#onText(text),
        onClosed: (error) => {
          this.#cancelKeepAlive?.();
          this.#contexts.clear();
          events.onClosed(error);
        },
      },
    );
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  get hasRoom(): boolean {
    return this.#contexts.size < MAX_CONTEXTS;
  }

  /** Reserves a context at once; it is sent to the vendor as soon as the socket is open. */
  openContext(listener: ContextListener): string {
    const contextId = `u${this.#nextContext}`;
    this.#nextContext += 1;
    this.#contexts.set(contextId, { listener, isClosing: false });
    if (this.isOpen) this.#announce(contextId);
    return contextId;
  }

  /** Requests speech immediately, because what is pushed is a clause or a sentence. */
  speak(contextId: string, text: string): void {
    if (!this.#contexts.has(contextId)) return;
    // The vendor concatenates texts, so each ends with a space.
    this.#send({ text: /\s$/.test(text) ? text : `${text} `, context_id: contextId, flush: true });
  }

  /** Ends a context, which counts towards the limit until the vendor has confirmed it as final. */
  closeContext(contextId: string, wanted: 'rest' | 'nothing'): void {
    const context = this.#contexts.get(contextId);
    if (context === undefined) return;
    if (wanted === 'nothing') context.listener = undefined;
    if (!this.isOpen) this.#contexts.delete(contextId);
    if (context.isClosing) return;
    context.isClosing = true;
    this.#send({ context_id: contextId, close_context: true });
  }

  close(): void {
    this.#cancelKeepAlive?.();
    this.#socket.close(this.isOpen ? '{"close_socket":true}' : undefined);
  }

  /** Settings are allowed in a context's first message only; without them the voice's own apply. */
  #announce(contextId: string): void {
    const { speed } = this.#options;
    this.#send({
      text: ' ',
      context_id: contextId,
      ...(speed === 1 ? {} : { voice_settings: { speed: Math.min(1.2, Math.max(0.7, speed)) } }),
    });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #opened(): void {
    this.openedAtMs = this.#vendor.clock.nowMs();
    this.#scheduleKeepAlive();
    for (const contextId of this.#contexts.keys()) this.#announce(contextId);
    this.#onOpen?.();
    this.#onOpen = undefined;
  }

  #scheduleKeepAlive(): void {
    this.#cancelKeepAlive = this.#vendor.clock.after(idleLimits.contexts.keepAliveEveryMs, () => {
      for (const [contextId, { isClosing }] of this.#contexts) {
        // Any message to a closing context would reopen it.
        if (!isClosing) this.#send({ text: '', context_id: contextId });
      }
      this.#scheduleKeepAlive();
    });
  }

  #onText(text: string): void {
    const message = parseServerMessage(text);
    if (message === undefined) {
      this.#vendor.logger?.warn(
        { event: 'tts-message-ignored', vendor: 'elevenlabs' },
        'vendor message not parsed; ignored',
      );
    } else if (message.type === 'error') {
      this.#socket.fail(`${message.slug}: ${message.message}`, {
        code: message.slug,
        isRetryable: !PERMANENT_ERROR.test(message.slug),
      });
    } else this.#onOutput(message);
  }

  #onOutput(output: Extract<ServerMessage, { type: 'output' }>): void {
    if (output.contextId === undefined) return;
    const listener = this.#contexts.get(output.contextId)?.listener;
    if (output.isFinal) this.#contexts.delete(output.contextId);
    listener?.onOutput(output);
  }
}
