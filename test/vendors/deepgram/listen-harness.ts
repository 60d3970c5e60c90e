import type { SpeechToText } from '../../../src/call/listening/speech-to-text.ts';
import { systemClock, type Clock } from '../../../src/platform/process/clock.ts';
import type { VendorOptions } from '../../../src/vendors/vendor-options.ts';
import type { RecogniserEnd, RecogniserHarness } from '../../contracts/speech-to-text.ts';
import { VendorSocketServer, type VendorEnd } from '../../support/vendor-socket-server.ts';

interface Dialect {
  readonly create: (vendor: VendorOptions) => SpeechToText;
  readonly readyMessage: object | undefined;
  readonly conversation: readonly string[];
  /** How many messages of the conversation are the beginning of its first turn. */
  readonly beginning: number;
  readonly hearsEagerly: boolean;
  /** What ends the stream politely is answered by this many further messages, then by a close. */
  onCloseStream(end: VendorEnd): void;
}

export interface ListenHarness extends RecogniserHarness {
  readonly server: VendorSocketServer;
}

/** Deepgram's listening side on a real socket, for either of its dialects. */
export async function startListenHarness(
  dialect: Dialect,
  clock: Clock = systemClock,
): Promise<ListenHarness> {
  const server = await VendorSocketServer.start({
    onText: (end, text) => {
      if ((JSON.parse(text) as { type: string }).type === 'CloseStream') dialect.onCloseStream(end);
    },
  });
  return {
    server,
    speechToText: dialect.create({ apiKey: 'test-key', baseUrl: server.baseUrl, clock }),
    hearsEagerly: dialect.hearsEagerly,
    async connection(index = 0): Promise<RecogniserEnd> {
      const end = await server.end(index);
      const tell = (lines: readonly string[]): void => lines.forEach((line) => end.send(line));
      return {
        becomeReady: () => dialect.readyMessage && end.send(dialect.readyMessage),
        get audio() {
          return end.audio;
        },
        tellConversation: () => tell(dialect.conversation),
        tellBeginning: () => tell(dialect.conversation.slice(0, dialect.beginning)),
        tellNonsense: () =>
          tell([
            '{"type":',
            'null',
            '[]',
            '{}',
            '{"type":"Results","channel":{"alternatives":[]}}',
            '{"type":"Results","channel":null}',
            '{"type":"TurnInfo","event":7}',
            '{"type":"TurnInfo","event":"Danced","transcript":{}}',
            '{"type":"Invention","value":1}',
          ]),
        drop: () => end.drop(),
        get isClosed() {
          return end.closeCode !== undefined;
        },
      };
    },
    refuse(status, reason) {
      server.refusal = {
        status,
        headers: { 'dg-error': reason, 'dg-request-id': 'request-1' },
        body: JSON.stringify({ err_code: 'X', err_msg: 'less precise', request_id: 'request-1' }),
      };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
}
