import { isSpeakCut } from '../faults.ts';
import type { VendorSocket } from '../vendor-server.ts';
import { Generation } from './generation.ts';
import { checkVoiceSettings, parseSchedule, speedOf } from './settings.ts';
import { SpeechSocket, type SpeechContext } from './speech-socket.ts';

type Message = Readonly<Record<string, unknown>>;

const FIRST_FIELDS = ['text', 'voice_settings', 'generation_config', 'xi_api_key', 'authorization'];
const FIELDS = ['text', 'flush', 'try_trigger_generation'];

/** One `stream-input` socket: one utterance, ended by an empty text. */
export function serveSingleContext(socket: VendorSocket, context: SpeechContext): void {
  const { stats, query } = context;
  let generation: Generation | undefined;
  let hasEnded = false;

  const link = new SpeechSocket(socket, context, {
    message(message) {
      if (hasEnded) return;
      if (generation) receiveText(generation, message);
      else initialise(message);
    },
    inactive() {
      if (hasEnded) return;
      stats.timedOut += 1;
      link.fail('input_timeout_exceeded', 'Have not received a new text input within the timeout');
    },
    closed: () => generation?.stop(),
  });

  function initialise(message: Message): void {
    const schedule = parseSchedule(message['generation_config']);
    const wrong =
      unknownField(message, FIRST_FIELDS) ??
      (message['text'] === ' ' ? undefined : 'the text of the first message must be a single space') ??
      checkVoiceSettings(message['voice_settings']) ??
      (typeof schedule === 'string' ? schedule : undefined);
    if (wrong !== undefined || typeof schedule === 'string') {
      link.fail('invalid_message', wrong ?? '');
      return;
    }
    stats.utterances += 1;
    generation = new Generation(
      { ...query, schedule, speed: speedOf(message['voice_settings']) },
      context.source,
      context.latency,
      context.faults.strike(isSpeakCut),
      link.sink(undefined),
    );
  }

  function receiveText(open: Generation, message: Message): void {
    const { text } = message;
    const wrong = unknownField(message, FIELDS);
    if (wrong !== undefined || typeof text !== 'string') {
      link.fail('invalid_message', wrong ?? 'text must be a string');
      return;
    }
    if (text === '') {
      end(open);
      return;
    }
    link.textReceived(text);
    // A single space keeps the socket alive.
    if (text !== ' ') open.add(text, message['try_trigger_generation'] === true);
    if (message['flush'] === true) open.flush();
  }

  function end(open: Generation): void {
    hasEnded = true;
    open.flush();
    open.finish(() => {
      link.send({ audio: null, isFinal: true, alignment: null, normalizedAlignment: null });
      link.close();
    });
  }
}

function unknownField(message: Message, allowed: readonly string[]): string | undefined {
  const unknown = Object.keys(message).find((field) => !allowed.includes(field));
  return unknown === undefined ? undefined : `field '${unknown}' is not accepted here`;
}
