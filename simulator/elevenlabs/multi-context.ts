import { isSpeakCut } from '../faults.ts';
import type { VendorSocket } from '../vendor-server.ts';
import { Generation } from './generation.ts';
import { checkVoiceSettings, parseSchedule, speedOf } from './settings.ts';
import { SpeechSocket, type SpeechContext } from './speech-socket.ts';

type Message = Readonly<Record<string, unknown>>;

interface OpenContext {
  readonly generation: Generation;
  readonly inactivity: NodeJS.Timeout;
  /** Closing: it plays out and accepts no more text. */
  isClosing: boolean;
}

const MAX_CONTEXTS = 5;
const FIELDS: readonly string[] = [
  'text',
  'context_id',
  'voice_settings',
  'generation_config',
  'flush',
  'close_context',
  'close_socket',
  'xi_api_key',
  'authorization',
  'pronunciation_dictionary_locators',
  'try_trigger_generation',
];

/** One `multi-stream-input` socket: several utterances, each in a context of its own. */
export function serveMultiContext(socket: VendorSocket, context: SpeechContext): void {
  const { stats, query } = context;
  const contexts = new Map<string, OpenContext>();
  let isEnding = false;

  const link = new SpeechSocket(socket, context, {
    message: receive,
    inactive() {
      // An open context has its own timeout; without one the socket is closed.
      if (contexts.size > 0) return;
      stats.timedOut += 1;
      link.fail('input_timeout_exceeded', 'Have not received a new text input within the timeout');
    },
    closed() {
      for (const open of contexts.values()) {
        clearTimeout(open.inactivity);
        open.generation.stop();
      }
      stats.openContexts -= contexts.size;
      contexts.clear();
    },
  });

  function receive(message: Message): void {
    const wrong = checkMessage(message);
    if (wrong) link.fail('invalid_message', wrong);
    else if (message['close_socket'] === true) endSocket();
    else if (typeof message['context_id'] === 'string') receiveFor(message['context_id'], message);
    else if (message['text'] !== '') link.fail('invalid_message', 'context_id is missing');
  }

  function receiveFor(contextId: string, message: Message): void {
    const known = contexts.get(contextId);
    if (known?.isClosing) return;
    known?.inactivity.refresh();
    const text = message['text'] as string | undefined;
    if (known && (message['voice_settings'] !== undefined || message['generation_config'] !== undefined)) {
      link.fail('policy_violation', 'settings are only accepted in the first message of a context');
      return;
    }
    // An empty text keeps a context alive and never opens one.
    if (!known && (text === undefined || text === '')) return;
    const open = known ?? openContext(contextId, message);
    if (!open) return;
    if (text !== undefined && text !== '') {
      link.textReceived(text);
      open.generation.add(text, message['try_trigger_generation'] === true);
    }
    if (message['flush'] === true)
      open.generation.flush(() => link.send({ type: 'flush_done', contextId, context_id: contextId }));
    if (message['close_context'] === true) closeContext(contextId, open);
  }

  function openContext(contextId: string, message: Message): OpenContext | undefined {
    if (contexts.size >= MAX_CONTEXTS) {
      link.fail(
        'max_active_conversations',
        `Maximum simultaneous contexts per WebSocket connection exceeded (${MAX_CONTEXTS}). Close a context first.`,
      );
      return undefined;
    }
    const schedule = parseSchedule(message['generation_config']);
    if (typeof schedule === 'string') {
      link.fail('invalid_message', schedule);
      return undefined;
    }
    const open: OpenContext = {
      generation: new Generation(
        { ...query, schedule, speed: speedOf(message['voice_settings']) },
        context.source,
        context.latency,
        context.faults.strike(isSpeakCut),
        link.sink(contextId),
      ),
      inactivity: setTimeout(() => {
        stats.timedOut += 1;
        closeContext(contextId, open);
      }, query.inactivityTimeoutMs),
      isClosing: false,
    };
    contexts.set(contextId, open);
    stats.utterances += 1;
    stats.openContexts += 1;
    return open;
  }

  /** Flushed text is still spoken; the context counts towards the limit until `isFinal` was sent. */
  function closeContext(contextId: string, open: OpenContext): void {
    if (open.isClosing) return;
    open.isClosing = true;
    clearTimeout(open.inactivity);
    open.generation.finish(() => {
      contexts.delete(contextId);
      stats.openContexts -= 1;
      link.send({ isFinal: true, contextId });
      if (isEnding && contexts.size === 0) link.close();
    });
  }

  function endSocket(): void {
    isEnding = true;
    for (const [contextId, open] of contexts) {
      if (!open.isClosing) open.generation.flush();
      closeContext(contextId, open);
    }
    if (contexts.size === 0) link.close();
  }
}

function checkMessage(message: Message): string | undefined {
  const unknown = Object.keys(message).find((field) => !FIELDS.includes(field));
  if (unknown) return `unknown field '${unknown}'`;
  const { text, context_id: contextId } = message;
  if (text !== undefined && typeof text !== 'string') return 'text must be a string';
  if (contextId !== undefined && (typeof contextId !== 'string' || contextId === ''))
    return 'context_id must be a non-empty string';
  return checkVoiceSettings(message['voice_settings']);
}
