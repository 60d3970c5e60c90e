import { systemClock, type Clock } from '../../../src/platform/process/clock.ts';
import { createAuraTextToSpeech } from '../../../src/vendors/deepgram/aura.ts';
import { audioOf, type VoiceHarness } from '../../contracts/text-to-speech.ts';
import { VendorSocketServer, type VendorEnd } from '../../support/vendor-socket-server.ts';

export interface AuraHarness extends VoiceHarness {
  readonly server: VendorSocketServer;
  /** While true, flushes are ignored with a warning. */
  ignoresFlushes: boolean;
}

/** Aura's socket on a real port: text is buffered until a flush, and a clear drops it with all audio to come. */
export async function startAura(clock: Clock = systemClock): Promise<AuraHarness> {
  const buffered = new Map<VendorEnd, string>();
  let held: { readonly end: VendorEnd; readonly speak: () => void }[] = [];
  const server = await VendorSocketServer.start({
    onOpen: (end) => {
      buffered.set(end, '');
      end.send({
        type: 'Metadata',
        request_id: 'r1',
        model_name: 'aura-2',
        model_version: '1',
        model_uuid: 'u1',
      });
    },
    onText: (end, text) => {
      const message = JSON.parse(text) as { type: string; text?: string };
      switch (message.type) {
        case 'Speak':
          buffered.set(end, buffered.get(end)! + message.text!);
          return;
        case 'Flush': {
          if (harness.ignoresFlushes) {
            end.send({
              type: 'Warning',
              code: 'EXCESSIVE_FLUSH',
              description: 'Maximum number of flushes exceeded',
            });
            return;
          }
          const spoken = buffered.get(end)!;
          buffered.set(end, '');
          const speak = (): void => {
            const audio = audioOf(spoken);
            // Cut anywhere, as the vendor does.
            end.send(audio.subarray(0, 33));
            end.send(audio.subarray(33));
            end.send({ type: 'Flushed', sequence_id: 0 });
          };
          if (harness.isHolding) held.push({ end, speak });
          else speak();
          return;
        }
        case 'Clear':
          buffered.set(end, '');
          // Some audio is always on its way already.
          if (held.some((one) => one.end === end)) end.send(audioOf('x'));
          held = held.filter((one) => one.end !== end);
          end.send({ type: 'Cleared', sequence_id: 0 });
          return;
        case 'Close':
          end.close(1000);
          return;
        default:
          end.close(1008, 'DATA-0000');
      }
    },
  });
  const harness: AuraHarness = {
    server,
    textToSpeech: createAuraTextToSpeech({ apiKey: 'test-key', baseUrl: server.baseUrl, clock }),
    timesCharacters: false,
    tellsTexts: true,
    ignoresFlushes: false,
    isHolding: false,
    release() {
      harness.isHolding = false;
      const tasks = held;
      held = [];
      for (const { speak } of tasks) speak();
    },
    get given() {
      return server.ends
        .flatMap((end) => end.messages.map((message) => (message as { text?: string }).text ?? ''))
        .join('');
    },
    get connections() {
      return server.ends.length;
    },
    tellNonsense() {
      for (const line of ['{', 'null', '[]', '{}', '{"type":7}', '{"type":"Invention"}'])
        server.ends.at(-1)!.send(line);
    },
    drop() {
      for (const end of server.ends) end.drop();
    },
    refuse(status, reason) {
      server.refusal = { status, headers: { 'dg-error': reason } };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
    },
  };
  return harness;
}
