import { systemClock, type Clock } from '../../../src/platform/process/clock.ts';
import { createElevenLabsTextToSpeech } from '../../../src/vendors/elevenlabs/text-to-speech.ts';
import { audioOf, CHARACTER_BYTES, type VoiceHarness } from '../../contracts/text-to-speech.ts';
import { VendorSocketServer, type VendorEnd } from '../../support/vendor-socket-server.ts';

interface ClientMessage {
  readonly text?: string;
  readonly context_id?: string;
  readonly flush?: boolean;
  readonly close_context?: boolean;
  readonly close_socket?: boolean;
  readonly voice_settings?: unknown;
}

/** How timing is written: with every piece of audio, or late and for several pieces; in either spelling. */
export type AlignmentStyle = 'with-each' | 'late' | 'other-spelling' | 'never';

export interface ElevenLabsHarness extends VoiceHarness {
  readonly server: VendorSocketServer;
  alignment: AlignmentStyle;
  /** While true, closed contexts are not confirmed as final. */
  withholdsFinal: boolean;
}

/** The multi-context socket on a real port: strict about what it is sent, as the vendor is. */
export async function startElevenLabs(clock: Clock = systemClock): Promise<ElevenLabsHarness> {
  const contexts = new Map<VendorEnd, Map<string, string>>();
  let held: (() => void)[] = [];

  const say = (task: () => void): void => {
    if (harness.isHolding) held.push(task);
    else task();
  };
  const server = await VendorSocketServer.start({
    onOpen: (end) => contexts.set(end, new Map()),
    onText: (end, text) => {
      const message = JSON.parse(text) as ClientMessage;
      const open = contexts.get(end)!;
      if (message.close_socket) {
        end.close(1000);
        return;
      }
      const id = message.context_id;
      if (id === undefined) {
        refuse(end, 'no context', 'invalid_message');
        return;
      }
      if (message.close_context) {
        say(() => {
          if (harness.withholdsFinal) return;
          open.delete(id);
          end.send({ isFinal: true, contextId: id });
        });
        return;
      }
      if (!open.has(id)) {
        if (message.text !== ' ') refuse(end, 'first text must be a space', 'invalid_first_message');
        else if (open.size >= 5) refuse(end, 'too many contexts', 'max_active_conversations');
        else open.set(id, '');
        return;
      }
      const buffered = open.get(id)! + (message.text ?? '');
      open.set(id, message.flush ? '' : buffered);
      if (message.flush) say(() => speak(end, id, buffered, harness.alignment));
    },
  });

  const harness: ElevenLabsHarness = {
    server,
    textToSpeech: createElevenLabsTextToSpeech({ apiKey: 'test-key', baseUrl: server.baseUrl, clock }),
    timesCharacters: true,
    tellsTexts: false,
    alignment: 'with-each',
    withholdsFinal: false,
    isHolding: false,
    release() {
      harness.isHolding = false;
      const tasks = held;
      held = [];
      for (const task of tasks) task();
    },
    get given() {
      return server.ends
        .flatMap((end) => end.messages.map((message) => (message as ClientMessage).text ?? ''))
        .join('');
    },
    get connections() {
      return server.ends.length;
    },
    tellNonsense() {
      const end = server.ends.at(-1)!;
      for (const line of ['{', 'null', '[]', '{"audio":7}', '{"audio":"//8="}', '{"type":"flush_done"}'])
        end.send(line);
      end.send({ audio: '//8=', contextId: 'nobody' });
      end.send(Buffer.from([1, 2, 3]));
    },
    drop() {
      for (const end of server.ends) end.drop();
    },
    refuse(status, reason) {
      server.refusal = { status, body: JSON.stringify({ detail: { status: 'x', message: reason } }) };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
  return harness;
}

function refuse(end: VendorEnd, message: string, error: string): void {
  end.send({ message, error, code: 1008 });
  end.close(1008, error);
}

/** Two pieces of audio for one text, cut in the middle of a character. */
function speak(end: VendorEnd, contextId: string, text: string, style: AlignmentStyle): void {
  // The alignment begins with the space the context was opened with, which is not spoken.
  const spoken = text.startsWith(' ') ? text.slice(1) : text;
  const audio = audioOf(spoken);
  const cut = Math.floor(spoken.length / 2);
  const firstBytes = cut * CHARACTER_BYTES;
  const pieces = [audio.subarray(0, firstBytes), audio.subarray(firstBytes)];
  const characters = [Array.from(spoken.slice(0, cut)), Array.from(spoken.slice(cut))];
  pieces.forEach((piece, index) => {
    if (piece.byteLength === 0) return;
    const timed = style === 'late' ? (index === 0 ? [] : characters.flat()) : characters[index]!;
    const alignment = style === 'never' || timed.length === 0 ? null : timing(timed, style);
    end.send({
      audio: piece.toString('base64'),
      alignment,
      normalizedAlignment: null,
      contextId,
      isFinal: null,
    });
  });
}

function timing(characters: readonly string[], style: AlignmentStyle): object {
  const starts = characters.map((_, at) => at * 10);
  const durations = characters.map(() => 10);
  return style === 'other-spelling'
    ? { chars: characters, charsStartTimesMs: starts, charsDurationsMs: durations }
    : { chars: characters, charStartTimesMs: starts, charDurationsMs: durations };
}
