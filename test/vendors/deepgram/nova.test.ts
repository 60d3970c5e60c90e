import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeechToTextEvent } from '../../../src/call/listening/speech-to-text.ts';
import type { Clock } from '../../../src/platform/process/clock.ts';
import { NovaProtocol } from '../../../src/vendors/deepgram/nova-protocol.ts';
import { createNovaSpeechToText } from '../../../src/vendors/deepgram/nova.ts';
import { faultOfStory, listenOptions, speechToTextContract } from '../../contracts/speech-to-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fixtureLines } from '../../support/fixture.ts';
import { until } from '../../support/until.ts';
import { startListenHarness, type ListenHarness } from './listen-harness.ts';

const startNova = (clock?: Clock): Promise<ListenHarness> =>
  startListenHarness(
    {
      create: createNovaSpeechToText,
      readyMessage: undefined,
      conversation: fixtureLines('deepgram/nova-conversation.jsonl'),
      beginning: 2,
      hearsEagerly: false,
      onCloseStream: (end) => {
        end.send({
          type: 'Metadata',
          transaction_key: 'deprecated',
          request_id: 'r1',
          duration: 3.4,
          channels: 1,
        });
        end.close(1000);
      },
    },
    clock,
  );

speechToTextContract('Deepgram Nova', () => startNova());

interface Told {
  readonly text: string;
  readonly start?: number;
  readonly final?: boolean;
  readonly speechFinal?: boolean;
  readonly words?: readonly (readonly [string, number, number])[];
}

function results({ text, start = 0, final = false, speechFinal = false, words = [] }: Told): object {
  return {
    type: 'Results',
    start,
    duration: 1,
    is_final: final,
    speech_final: speechFinal,
    channel: {
      alternatives: [
        {
          transcript: text,
          words: words.map(([word, from, to]) => ({ word, start: from, end: to, confidence: 1 })),
        },
      ],
    },
  };
}

function tell(...messages: object[]): SpeechToTextEvent[] {
  const protocol = new NovaProtocol(listenOptions);
  return messages
    .flatMap((message) => protocol.accept(message) ?? [])
    .filter((step) => step.type !== 'heartbeat') as SpeechToTextEvent[];
}

const utteranceEnd = { type: 'UtteranceEnd', channel: [0, 1], last_word_end: 1 };

describe('the handshake of Nova', () => {
  it('asks for mu-law, interims, endpointing and voice activity', async () => {
    await using harness = await startNova();
    harness.speechToText.open(listenOptions, () => undefined);
    const { url } = await harness.server.end();
    expect(url.pathname).toBe('/prefix/v1/listen');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      model: 'nova-3',
      encoding: 'mulaw',
      sample_rate: '8000',
      language: 'en-US',
      interim_results: 'true',
      endpointing: '300',
      utterance_end_ms: '1000',
      vad_events: 'true',
    });
    expect(url.searchParams.getAll('keyterm')).toEqual(['Parley', 'table d’hôte']);
  });
});

describe('the language Nova is asked for', () => {
  it.each([
    ['en-GB', 'en-GB'],
    ['de-AT', 'de'],
    ['ar-SA', 'ar'],
    ['sw', 'multi'],
  ])('for %s is %s: a region it has, its base language, or detection', (language, asked) => {
    expect(new NovaProtocol({ ...listenOptions, language }).query['language']).toBe(asked);
  });
});

describe('Nova on an idle line', () => {
  it('[L17] is kept by a frame of silence first, then by text messages, and not at all while audio flows', async () => {
    const clock = new FakeClock();
    await using harness = await startNova(clock);
    const events: SpeechToTextEvent[] = [];
    const stream = harness.speechToText.open(listenOptions, (event) => events.push(event));
    const end = await harness.server.end();
    await until(() => events.length === 1);
    clock.advance(4_000);
    await until(() => end.frames.length === 1);
    clock.advance(4_000);
    await until(() => end.texts.length === 1);
    expect(end.texts).toEqual(['{"type":"KeepAlive"}']);
    for (let count = 0; count < 10; count += 1) {
      clock.advance(2_000);
      stream.send(Buffer.alloc(160, 1));
    }
    await until(() => end.frames.length === 11);
    expect(end.texts).toHaveLength(1);
    stream.close();
    await until(() => events.some((event) => event.type === 'closed'));
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('turns assembled from Nova’s results', () => {
  it('are made of all finals, not only of the last', () => {
    const events = tell(
      results({ text: 'One two', final: true }),
      results({ text: 'three', final: true, start: 1 }),
      results({ text: 'four.', final: true, speechFinal: true, start: 2 }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'turn-ended', text: 'One two three four.' });
  });

  it('end once: an utterance end after a final end is nothing', () => {
    const events = tell(
      results({ text: 'Yes.', final: true, speechFinal: true }),
      utteranceEnd,
      utteranceEnd,
    );
    expect(events.map(({ type }) => type)).toEqual(['turn-started', 'turn-ended']);
  });

  it('end by the gap between words where noise hides the silence', () => {
    const events = tell(results({ text: 'Yes.', final: true }), utteranceEnd);
    expect(events.at(-1)).toMatchObject({ type: 'turn-ended', text: 'Yes.' });
  });

  it('[L24] do not come twice when the final result of their last words is late', () => {
    const words = [
      ['yes', 0.1, 0.4],
      ['please', 0.5, 0.9],
    ] as const;
    const events = tell(
      results({ text: 'yes please', words }),
      utteranceEnd,
      results({ text: 'Yes, please.', words, final: true, speechFinal: true }),
    );
    expect(events.map(({ type }) => type)).toEqual(['turn-started', 'turn-ended']);
  });

  it('keep the new words of a late result as a turn of their own', () => {
    const events = tell(
      results({ text: 'yes', words: [['yes', 0.1, 0.4]] }),
      utteranceEnd,
      results({
        text: 'Yes. Tomorrow.',
        words: [
          ['yes', 0.1, 0.42],
          ['tomorrow', 1.6, 2],
        ],
        final: true,
        speechFinal: true,
      }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'turn-ended', text: 'tomorrow' });
  });

  it('tell of voice before any words, as a hint', () => {
    expect(tell({ type: 'SpeechStarted', channel: [0, 1], timestamp: 9.54 })).toEqual([
      { type: 'speech-started' },
    ]);
  });

  it('are an orderly story whatever order results come in', () => {
    const told = fc.record({
      text: fc.constantFrom('', 'yes', 'yes please', 'no'),
      start: fc.double({ min: 0, max: 5, noNaN: true }),
      final: fc.boolean(),
      speechFinal: fc.boolean(),
      words: fc.constantFrom([], [['yes', 0.1, 0.4]] as const),
    });
    const message = fc.oneof(told.map(results), fc.constant(utteranceEnd), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const protocol = new NovaProtocol(listenOptions);
        const steps = messages.flatMap((item) => protocol.accept(item) ?? []);
        expect(faultOfStory([{ type: 'ready' }, ...(steps as SpeechToTextEvent[])])).toBeUndefined();
      }),
    );
  });
});
