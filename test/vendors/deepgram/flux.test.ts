import { describe, expect, it } from 'vitest';
import type { SpeechToTextEvent } from '../../../src/call/listening/speech-to-text.ts';
import type { Clock } from '../../../src/platform/process/clock.ts';
import { FluxProtocol } from '../../../src/vendors/deepgram/flux-protocol.ts';
import { createFluxSpeechToText } from '../../../src/vendors/deepgram/flux.ts';
import { listenOptions, speechToTextContract } from '../../contracts/speech-to-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fixtureLines } from '../../support/fixture.ts';
import { until } from '../../support/until.ts';
import { startListenHarness, type ListenHarness } from './listen-harness.ts';

const startFlux = (clock?: Clock): Promise<ListenHarness> =>
  startListenHarness(
    {
      create: createFluxSpeechToText,
      readyMessage: { type: 'Connected', request_id: 'r1', sequence_id: 0 },
      conversation: fixtureLines('deepgram/flux-conversation.jsonl'),
      beginning: 3,
      hearsEagerly: true,
      // No EndOfTurn, no Metadata, no close code.
      onCloseStream: (end) => end.close(),
    },
    clock,
  );

speechToTextContract('Deepgram Flux', () => startFlux());

const byText = (left: string, right: string): number => (left < right ? -1 : 1);

async function connected(clock?: Clock) {
  const harness = await startFlux(clock);
  const events: SpeechToTextEvent[] = [];
  const stream = harness.speechToText.open(listenOptions, (event) => events.push(event));
  const end = await harness.server.end();
  end.send({ type: 'Connected', request_id: 'r1', sequence_id: 0 });
  await until(() => events.length === 1);
  return { harness, events, stream, end };
}

describe('the handshake of Flux', () => {
  it('asks for mu-law, English and the thresholds, under the address given', async () => {
    const { harness, end } = await connected();
    await using _ = harness;
    expect(end.url.pathname).toBe('/prefix/v2/listen');
    expect(end.headers.authorization).toBe('Token test-key');
    expect(end.headers['sec-websocket-extensions']).toBeUndefined();
    expect(end.url.searchParams.toString().split('&').toSorted(byText)).toEqual(
      new URLSearchParams([
        ['model', 'flux-general-en'],
        ['encoding', 'mulaw'],
        ['sample_rate', '8000'],
        ['eot_threshold', '0.7'],
        ['eager_eot_threshold', '0.4'],
        ['eot_timeout_ms', '5000'],
        ['keyterm', 'Parley'],
        ['keyterm', 'table d’hôte'],
      ])
        .toString()
        .split('&')
        .toSorted(byText),
    );
  });

  it('hints at the language where it is not English, and leaves eager ends out when they are off', () => {
    const { query } = new FluxProtocol({
      ...listenOptions,
      language: 'de-DE',
      eagerEndOfTurnThreshold: undefined,
    });
    expect(query).toMatchObject({ model: 'flux-general-multi', language_hint: ['de'] });
    expect(query['eager_eot_threshold']).toBeUndefined();
  });

  it('never puts the eager threshold above the other', () => {
    const { query } = new FluxProtocol({
      ...listenOptions,
      endOfTurnThreshold: 0.5,
      eagerEndOfTurnThreshold: 0.9,
    });
    expect(query['eager_eot_threshold']).toBe(0.5);
  });
});

describe('Flux in a call', () => {
  it('sends each frame as it comes', async () => {
    const { harness, stream, end } = await connected();
    await using _ = harness;
    for (let frame = 0; frame < 5; frame += 1) stream.send(Buffer.alloc(160, frame));
    await until(() => end.frames.length === 5);
    expect(end.frames.map((frame) => [frame.byteLength, frame[0]])).toEqual(
      [0, 1, 2, 3, 4].map((at) => [160, at]),
    );
  });

  it('[L17] keeps the line open with silence while there is no audio, and corrects the times for it', async () => {
    const clock = new FakeClock();
    const { harness, stream, end, events } = await connected(clock);
    await using _ = harness;
    clock.advance(8_000);
    stream.send(Buffer.alloc(160, 1));
    await until(() => end.frames.length === 3);
    expect(end.frames.slice(0, 2)).toEqual([Buffer.alloc(160, 0xff), Buffer.alloc(160, 0xff)]);
    end.send({ type: 'TurnInfo', event: 'Update', turn_index: 0, audio_window_end: 0.06, transcript: '' });
    await until(() => events.length === 2);
    expect(events[1]).toEqual({ type: 'heartbeat', audioMs: 20 });
    clock.advance(3_999);
    expect(end.frames).toHaveLength(3);
    stream.close();
    await until(() => events.some((event) => event.type === 'closed'));
    expect(clock.pendingTimers).toBe(0);
  });

  it('reconfigures one step at a time, merging what is asked for meanwhile', async () => {
    const { harness, stream, end } = await connected();
    await using _ = harness;
    stream.configure({ endOfTurnThreshold: 0.85 });
    stream.configure({ endOfTurnTimeoutMs: 8_000 });
    stream.configure({ endOfTurnThreshold: 0.3 });
    await until(() => end.texts.length === 1);
    expect(end.messages).toEqual([
      { type: 'Configure', thresholds: { eot_threshold: 0.85, eager_eot_threshold: 0.4 } },
    ]);
    end.send({ type: 'ConfigureSuccess', thresholds: { eot_threshold: 0.85 } });
    await until(() => end.texts.length === 2);
    expect(end.messages[1]).toEqual({
      type: 'Configure',
      thresholds: { eot_threshold: 0.3, eager_eot_threshold: 0.3, eot_timeout_ms: 8_000 },
    });
  });

  it('asks for the change once connected when it was told before', () => {
    const protocol = new FluxProtocol(listenOptions);
    expect(protocol.configure({ endOfTurnTimeoutMs: 8_000 }, 0)).toEqual([]);
    expect(protocol.accept({ type: 'Connected' }, 10)).toEqual([
      { type: 'ready' },
      { type: 'send', message: '{"type":"Configure","thresholds":{"eot_timeout_ms":8000}}' },
    ]);
  });

  it('does not wait for ever for an acknowledgement', () => {
    const protocol = new FluxProtocol(listenOptions);
    protocol.accept({ type: 'Connected' }, 0);
    expect(protocol.configure({ endOfTurnThreshold: 0.8 }, 0)).toHaveLength(1);
    expect(protocol.configure({ endOfTurnThreshold: 0.9 }, 4_999)).toEqual([]);
    expect(protocol.accept({ type: 'TurnInfo', event: 'Update', audio_window_end: 5 }, 5_000)).toHaveLength(
      2,
    );
  });

  it.each([
    ['INTERNAL_SERVER_ERROR', true],
    ['ASR_PAYMENT_REQUIRED', false],
  ])('ends with the vendor’s own error %s, worth another try: %s', async (code, isRetryable) => {
    const { harness, end, events } = await connected();
    await using _ = harness;
    end.send({ type: 'Error', sequence_id: 3, code, description: 'broken by test-key' });
    await until(() => events.some((event) => event.type === 'closed'));
    expect(events.at(-1)).toMatchObject({
      type: 'closed',
      error: { code, isRetryable, message: `deepgram: ${code}: broken by ***` },
    });
  });

  it('leaves nothing behind when the vendor never answers the close [L15]', async () => {
    const clock = new FakeClock();
    const { harness, stream, end, events } = await connected(clock);
    await using _ = harness;
    end.freeze();
    stream.close();
    clock.advance(1_000);
    await until(() => events.some((event) => event.type === 'closed'));
    expect(events.at(-1)).toEqual({ type: 'closed', error: undefined });
    expect(clock.pendingTimers).toBe(0);
  });
});

const tell = (
  ...infos: { event: string; transcript?: string; turn_index?: number }[]
): SpeechToTextEvent[] => {
  const protocol = new FluxProtocol(listenOptions);
  return infos
    .flatMap((info) => protocol.accept({ type: 'TurnInfo', audio_window_end: 0, ...info }, 0) ?? [])
    .filter((step) => step.type !== 'heartbeat') as SpeechToTextEvent[];
};

describe('turns told by Flux', () => {
  it('begin with words even when their start was lost', () => {
    expect(tell({ event: 'EndOfTurn', transcript: 'Yes.' })).toEqual([
      { type: 'turn-started', text: 'Yes.' },
      { type: 'turn-ended', text: 'Yes.', words: [] },
    ]);
  });

  it('do not end without having begun', () => {
    expect(
      tell({ event: 'EndOfTurn', transcript: '' }, { event: 'TurnResumed' }, { event: 'EagerEndOfTurn' }),
    ).toEqual([]);
  });

  it('[L10] end with the last words when their end comes without any', () => {
    expect(
      tell({ event: 'StartOfTurn', transcript: 'Stop' }, { event: 'EndOfTurn', transcript: '' }).at(-1),
    ).toMatchObject({ type: 'turn-ended', text: 'Stop' });
  });

  it('end once, whatever is said about them afterwards', () => {
    const end = { event: 'EndOfTurn', transcript: 'Yes.', turn_index: 0 };
    expect(tell(end, end, { event: 'Update', transcript: 'Yes. Well', turn_index: 0 })).toHaveLength(2);
  });

  it('go on when new words follow an eager end without a word about it', () => {
    const types = tell(
      { event: 'StartOfTurn', transcript: 'A' },
      { event: 'EagerEndOfTurn', transcript: 'A' },
      { event: 'Update', transcript: 'A b' },
    ).map(({ type }) => type);
    expect(types).toEqual(['turn-started', 'turn-ended-eager', 'turn-resumed', 'transcript-interim']);
  });
});
