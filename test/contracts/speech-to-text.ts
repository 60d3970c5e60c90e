import { describe, expect, it } from 'vitest';
import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from '../../src/call/listening/speech-to-text.ts';
import { VendorError } from '../../src/platform/process/errors.ts';
import { until } from '../support/until.ts';

/** A pretended recogniser, in the words of the contract. */
export interface RecogniserHarness extends AsyncDisposable {
  readonly speechToText: SpeechToText;
  /** The n-th connection, accepted but not yet ready to hear. */
  connection(index?: number): Promise<RecogniserEnd>;
  refuse(status: number, reason: string): void;
  readonly hearsEagerly: boolean;
}

export interface RecogniserEnd {
  becomeReady(): void;
  readonly audio: Buffer;
  /** The recorded conversation: "Hello there." and "I would like a table for two.". */
  tellConversation(): void;
  /** The beginning of its first turn. */
  tellBeginning(): void;
  /** Things no vendor would say: broken JSON, wrong types, an unknown message. */
  tellNonsense(): void;
  drop(): void;
  readonly isClosed: boolean;
}

export const listenOptions: SpeechToTextOptions = {
  language: 'en-US',
  keyterms: ['Parley', 'table d’hôte'],
  endOfTurnThreshold: 0.7,
  eagerEndOfTurnThreshold: 0.4,
  endOfTurnTimeoutMs: 5_000,
};

type Phase = 'connecting' | 'idle' | 'turn' | 'maybe-over' | 'closed';

/** In which phases an event may come, and the phase it leads to. */
const transitions: Readonly<Record<SpeechToTextEvent['type'], { from: readonly Phase[]; to?: Phase }>> = {
  ready: { from: ['connecting'], to: 'idle' },
  heartbeat: { from: ['idle', 'turn', 'maybe-over'] },
  'speech-started': { from: ['idle', 'turn', 'maybe-over'] },
  'turn-started': { from: ['idle'], to: 'turn' },
  'transcript-interim': { from: ['turn'] },
  'turn-ended-eager': { from: ['turn'], to: 'maybe-over' },
  'turn-resumed': { from: ['maybe-over'], to: 'turn' },
  'turn-ended': { from: ['turn', 'maybe-over'], to: 'idle' },
  closed: { from: ['connecting', 'idle', 'turn', 'maybe-over'], to: 'closed' },
};

/** What is wrong with a story, complete or cut off; undefined when it is in order. */
export function faultOfStory(events: readonly SpeechToTextEvent[]): string | undefined {
  let phase: Phase = 'connecting';
  for (const event of events) {
    const { from, to } = transitions[event.type];
    if (!from.includes(phase)) return `${event.type} while ${phase}`;
    if ('text' in event && event.text === '') return `${event.type} without words`;
    phase = to ?? phase;
  }
  return undefined;
}

interface Listening {
  readonly events: SpeechToTextEvent[];
  readonly stream: SpeechToTextStream;
  readonly has: (type: SpeechToTextEvent['type']) => boolean;
}

function listen(harness: RecogniserHarness): Listening {
  const events: SpeechToTextEvent[] = [];
  const stream = harness.speechToText.open(listenOptions, (event) => events.push(event));
  return { events, stream, has: (type) => events.some((event) => event.type === type) };
}

async function ready(harness: RecogniserHarness): Promise<Listening & { end: RecogniserEnd }> {
  const listening = listen(harness);
  const end = await harness.connection();
  end.becomeReady();
  await until(() => listening.has('ready'));
  return { ...listening, end };
}

/** What every recogniser must do. */
export function speechToTextContract(name: string, start: () => Promise<RecogniserHarness>): void {
  describe(`the speech-to-text contract, fulfilled by ${name}`, () => {
    it('tells the recorded conversation as turns', async () => {
      await using harness = await start();
      const { events, stream, end, has } = await ready(harness);
      end.tellConversation();
      await until(() => events.filter((event) => event.type === 'turn-ended').length === 2);
      stream.close();
      await until(() => has('closed'));

      expect(faultOfStory(events)).toBeUndefined();
      const ended = events.flatMap((event) => (event.type === 'turn-ended' ? [event] : []));
      expect(ended.map(({ text }) => text)).toEqual(['Hello there.', 'I would like a table for two.']);
      expect(ended[0]!.words).toMatchObject([
        { text: 'Hello', startMs: 320, endMs: 600 },
        { text: 'there.', startMs: 620, endMs: 900 },
      ]);
      expect(ended[1]!.words.map(({ text }) => text).join(' ')).toBe('I would like a table for two.');
      expect(events.filter((event) => event.type === 'heartbeat').length).toBeGreaterThan(4);
      expect(events.at(-1)).toEqual({ type: 'closed', error: undefined });
      if (!harness.hearsEagerly) return;
      expect(events.flatMap((event) => (event.type === 'turn-ended-eager' ? [event.text] : []))).toEqual([
        'I would like a table',
        'I would like a table for two.',
      ]);
      expect(events.filter((event) => event.type === 'turn-resumed')).toHaveLength(1);
    });

    it('[L1] takes audio from `ready` on, in order; what comes before stays with the caller', async () => {
      await using harness = await start();
      const { stream, events, has } = listen(harness);
      const audio = Buffer.from(Array.from({ length: 1_600 }, (_, index) => index % 251));
      stream.send(Buffer.alloc(160, 0x55));
      const end = await harness.connection();
      end.becomeReady();
      await until(() => has('ready'));
      for (let at = 0; at < 1_600; at += 160) stream.send(audio.subarray(at, at + 160));
      await until(() => end.audio.byteLength >= 1_600);
      expect(end.audio.equals(audio)).toBe(true);
      end.tellConversation();
      await until(() => has('turn-ended'));
      const ended = events.find((event) => event.type === 'turn-ended');
      expect(ended).toMatchObject({ words: [{ startMs: 320, endMs: 600 }, { startMs: 620 }] });
    });

    it('never sends an empty frame', async () => {
      await using harness = await start();
      const { stream, end } = await ready(harness);
      stream.send(new Uint8Array(0));
      stream.send(Buffer.alloc(160, 1));
      await until(() => end.audio.byteLength > 0);
      expect(end.isClosed).toBe(false);
    });

    it.each([
      [401, false],
      [402, false],
      [400, false],
      [429, true],
      [503, true],
    ])(
      'reports a refusal with %s once, worth another try: %s, and without the key',
      async (status, isRetryable) => {
        await using harness = await start();
        harness.refuse(status, 'bad key test-key');
        const { events, stream, has } = listen(harness);
        stream.send(Buffer.alloc(160));
        await until(() => has('closed'));
        stream.close();
        stream.send(Buffer.alloc(160));
        expect(events).toHaveLength(1);
        const [closed] = events;
        const error = closed?.type === 'closed' ? closed.error : undefined;
        expect(error).toBeInstanceOf(VendorError);
        expect(error).toMatchObject({ code: String(status), isRetryable });
        expect(error?.message).toContain('bad key ***');
        expect(JSON.stringify(error) + String(error?.stack)).not.toContain('test-key');
      },
    );

    it('[F1] reports a socket that dies in mid-utterance once, as worth another try', async () => {
      await using harness = await start();
      const { events, stream, end, has } = await ready(harness);
      end.tellBeginning();
      await until(() => has('turn-started'));
      end.drop();
      await until(() => has('closed'));
      stream.send(Buffer.alloc(160));
      stream.configure({ endOfTurnThreshold: 0.8 });
      stream.close();
      expect(faultOfStory(events)).toBeUndefined();
      expect(events.at(-1)).toMatchObject({ type: 'closed', error: { isRetryable: true } });
      expect(events.filter((event) => event.type === 'closed')).toHaveLength(1);
    });

    it('reports a vendor that is not there', async () => {
      const harness = await start();
      await harness[Symbol.asyncDispose]();
      const { events, has } = listen(harness);
      await until(() => has('closed'));
      expect(events).toMatchObject([{ type: 'closed', error: { isRetryable: true } }]);
    });

    it('goes on after messages that make no sense', async () => {
      await using harness = await start();
      const { events, end, has } = await ready(harness);
      end.tellNonsense();
      end.tellConversation();
      await until(() => has('turn-ended'));
      expect(faultOfStory(events)).toBeUndefined();
    });

    it('[F9] closes politely and tells nothing more but that, once', async () => {
      await using harness = await start();
      const { events, stream, end, has } = await ready(harness);
      end.tellBeginning();
      await until(() => has('turn-started'));
      const toldBefore = events.length;
      stream.close();
      stream.close();
      end.tellConversation();
      await until(() => has('closed'));
      expect(events.slice(toldBefore)).toEqual([{ type: 'closed', error: undefined }]);
    });

    it('can be closed while it is still connecting', async () => {
      await using harness = await start();
      const { events, stream, has } = listen(harness);
      stream.close();
      await until(() => has('closed'));
      expect(events).toEqual([{ type: 'closed', error: undefined }]);
    });

    it('can be closed from inside an event', async () => {
      await using harness = await start();
      const events: SpeechToTextEvent[] = [];
      const stream = harness.speechToText.open(listenOptions, (event) => {
        events.push(event);
        if (event.type === 'turn-started') stream.close();
      });
      const end = await harness.connection();
      end.becomeReady();
      end.tellConversation();
      await until(() => events.some((event) => event.type === 'closed'));
      expect(events.at(-2)?.type).toBe('turn-started');
      expect(events.at(-1)).toEqual({ type: 'closed', error: undefined });
    });
  });
}
