import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModelPart, LanguageModelRequest } from '../../src/agent/language-model.ts';
import type { SpeechToText, SpeechToTextEvent } from '../../src/call/listening/speech-to-text.ts';
import type { TextToSpeech } from '../../src/call/reply/text-to-speech.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { startDeepgram, type DeepgramSimulator } from '../../simulator/deepgram/deepgram.ts';
import { startElevenlabs, type ElevenlabsSimulator } from '../../simulator/elevenlabs/elevenlabs.ts';
import type { SpeakBehaviour } from '../../simulator/faults.ts';
import { startOpenai, type OpenaiSimulator } from '../../simulator/openai/openai.ts';
import { SpeechRegistry } from '../../simulator/speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../../simulator/speech/synthesised-speech.ts';
import { synthesise } from '../../simulator/speech/synthesis.ts';
import { createAuraTextToSpeech } from '../../src/vendors/deepgram/aura.ts';
import { createFluxSpeechToText } from '../../src/vendors/deepgram/flux.ts';
import { createNovaSpeechToText } from '../../src/vendors/deepgram/nova.ts';
import { createElevenLabsTextToSpeech } from '../../src/vendors/elevenlabs/text-to-speech.ts';
import { createOpenAiLanguageModel } from '../../src/vendors/openai/language-model.ts';
import { until } from '../support/until.ts';
import { modelRequest } from './language-model.ts';
import { faultOfStory, listenOptions } from './speech-to-text.ts';
import { begin, isOver } from './text-to-speech.ts';

/**
 * The adapters and the simulator were written apart from the same documents; here they meet. What must hold whatever
 * is said is asked of both; the wording of single messages is the business of their own suites.
 */
const TEXT = 'I would like to book a haircut please.';
const apiKey = 'test-key';
const speech = new SpeechRegistry();
const QUICK: SpeakBehaviour = { latency: { connectMs: 0, firstAudioMs: 1, realTimeFactor: 0 } };

let deepgram: DeepgramSimulator;
let elevenlabs: ElevenlabsSimulator;
let openai: OpenaiSimulator;
let utterance: SynthesisedSpeech;

function withoutFaults(): void {
  deepgram.faults = { listen: { latency: { connectMs: 0 } }, speak: QUICK };
  elevenlabs.faults = QUICK;
  openai.faults = { latency: { connectMs: 0, firstTokenMs: 0, perTokenMs: 0 } };
}

beforeAll(async () => {
  deepgram = await startDeepgram({ speech, apiKeys: [apiKey] });
  elevenlabs = await startElevenlabs({ apiKeys: [apiKey] });
  openai = await startOpenai({ apiKeys: [apiKey] });
  utterance = await synthesise(TEXT, { voice: 'caller' });
  speech.register(utterance);
  withoutFaults();
});
afterEach(withoutFaults);
afterAll(async () => {
  await Promise.all([deepgram.close(), elevenlabs.close(), openai.close()]);
});

const vendor = (simulator: { readonly url: string }, key = apiKey) => ({
  apiKey: key,
  baseUrl: simulator.url,
  clock: systemClock,
});

describe.each([
  ['Flux', createFluxSpeechToText],
  ['Nova', createNovaSpeechToText],
] as const)('the recogniser %s and its simulation', (_name, create) => {
  function listen(recogniser: SpeechToText) {
    const events: SpeechToTextEvent[] = [];
    const stream = recogniser.open(listenOptions, (event) => events.push(event));
    const has = (type: SpeechToTextEvent['type']): boolean => events.some((event) => event.type === type);
    return { events, stream, has };
  }

  it('agree on a conversation', async () => {
    const { events, stream, has } = listen(create(vendor(deepgram)));
    await until(() => has('ready'));
    const audio = Buffer.concat([utterance.mulaw, Buffer.alloc(16_000, 0xff)]);
    for (let at = 0; at < audio.byteLength; at += 160) stream.send(audio.subarray(at, at + 160));
    await until(() => has('turn-ended'));
    stream.configure({ endOfTurnThreshold: 0.85, endOfTurnTimeoutMs: 8_000 });
    stream.close();
    await until(() => has('closed'));
    expect(faultOfStory(events)).toBeUndefined();
    const ended = events.find((event) => event.type === 'turn-ended');
    expect(ended).toMatchObject({ text: TEXT });
    expect(ended?.type === 'turn-ended' && ended.words.map(({ text }) => text).join(' ')).toBe(TEXT);
    expect(events.at(-1)).toEqual({ type: 'closed', error: undefined });
  });

  it('[F1] agree that a reset in mid-utterance is the end, worth another try', async () => {
    deepgram.faults = {
      listen: { latency: { connectMs: 0 }, faults: [{ type: 'reset', unit: 'byte', after: 8_000 }] },
    };
    const { events, stream, has } = listen(create(vendor(deepgram)));
    await until(() => has('ready'));
    stream.send(utterance.mulaw);
    await until(() => has('closed'));
    expect(faultOfStory(events)).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'closed', error: { isRetryable: true } });
  });

  it('agree that a wrong key is refused for good', async () => {
    const { events, has } = listen(create(vendor(deepgram, 'wrong')));
    await until(() => has('closed'));
    expect(events).toMatchObject([{ type: 'closed', error: { code: '401', isRetryable: false } }]);
  });
});

describe('Flux and its simulation', () => {
  it('[T37] agree on how long a pause may be, as configured in mid-call', async () => {
    const events: SpeechToTextEvent[] = [];
    const stream = createFluxSpeechToText(vendor(deepgram)).open(listenOptions, (event) =>
      events.push(event),
    );
    const ended = (): number => events.filter(({ type }) => type === 'turn-ended').length;
    await until(() => events.some(({ type }) => type === 'ready'));
    const withPause = [
      utterance.mulaw,
      Buffer.alloc(3_200, 0xff),
      utterance.mulaw,
      Buffer.alloc(24_000, 0xff),
    ];
    stream.send(Buffer.concat(withPause));
    await until(() => ended() === 2);
    stream.configure({ endOfTurnThreshold: 0.85, endOfTurnTimeoutMs: 8_000 });
    stream.send(Buffer.concat(withPause));
    await until(() => ended() === 3);
    const last = events.findLast((event) => event.type === 'turn-ended');
    expect(last).toMatchObject({ text: `${TEXT} ${TEXT}` });
    stream.close();
    await until(() => events.some(({ type }) => type === 'closed'));
    expect(faultOfStory(events)).toBeUndefined();
  });
});

describe.each(['ElevenLabs', 'Aura'] as const)('the voice %s and its simulation', (name) => {
  const options = {
    voiceId: name === 'Aura' ? 'aura-2-thalia-en' : '21m00Tcm4TlvDq8ikWAM',
    language: 'en-US',
    speed: 1,
  };
  const create = (key = apiKey): TextToSpeech =>
    name === 'Aura'
      ? createAuraTextToSpeech(vendor(deepgram, key))
      : createElevenLabsTextToSpeech(vendor(elevenlabs, key));
  const setFaults = (faults: SpeakBehaviour): void => {
    if (name === 'Aura') deepgram.faults = { speak: faults };
    else elevenlabs.faults = faults;
  };
  const bytesOf = ({ events }: ReturnType<typeof begin>): number =>
    events.reduce((sum, event) => sum + (event.type === 'audio' ? event.mulaw.byteLength : 0), 0);

  it('agree on a reply in two sentences, and on one after it', async () => {
    const closings: unknown[] = [];
    const session = create().open(options, (error) => closings.push(error));
    for (const texts of [['Of course.', 'At three on Monday?'], ['Goodbye.']]) {
      const speaking = begin(session);
      for (const text of texts) speaking.utterance.push(text);
      speaking.utterance.end();
      await until(() => isOver(speaking));
      expect(speaking.events.at(-1)).toEqual({ type: 'ended' });
      expect(bytesOf(speaking)).toBeGreaterThan(texts.join('').length * 8 * 20);
      const characters = speaking.events.flatMap((event) =>
        event.type === 'alignment' ? event.characters : [],
      );
      const starts = characters.map(({ startMs }) => startMs);
      expect(characters.map(({ character }) => character).join('')).toBe(
        name === 'Aura' ? '' : texts.join(''),
      );
      expect(starts).toEqual(starts.toSorted((left, right) => left - right));
      expect(starts.at(-1) ?? 0).toBeLessThanOrEqual(bytesOf(speaking) / 8);
      const spoken = speaking.events.filter(({ type }) => type === 'text-spoken');
      expect(spoken).toHaveLength(name === 'Aura' ? texts.length : 0);
    }
    session.close();
    await until(() => closings.length === 1);
    expect(closings).toEqual([undefined]);
  });

  it('[F32] agree on many replies cut off one after the other, and on the last', async () => {
    const closings: unknown[] = [];
    const session = create().open(options, (error) => closings.push(error));
    for (let count = 0; count < 12; count += 1) {
      const cut = begin(session);
      cut.utterance.push('This will be cut.');
      await until(() => bytesOf(cut) > 0);
      cut.utterance.cancel();
    }
    const last = begin(session);
    last.utterance.push('Yes?');
    last.utterance.end();
    await until(() => isOver(last));
    expect(last.events.at(-1)).toEqual({ type: 'ended' });
    expect(closings).toEqual([]);
    session.close();
    await until(() => closings.length === 1);
  });

  it.each(['reset', 'close', 'error'] as const)(
    '[F7] agree that a %s in mid-sentence fails the reply',
    async (type) => {
      setFaults({ ...QUICK, faults: [{ type, unit: 'byte', after: 2_000 }] });
      const closings: unknown[] = [];
      const session = create().open(options, (error) => closings.push(error));
      const speaking = begin(session);
      speaking.utterance.push('This sentence will not be finished, I fear.');
      await until(() => isOver(speaking));
      expect(bytesOf(speaking)).toBeLessThanOrEqual(2_000);
      expect(speaking.events.at(-1)).toMatchObject({ type: 'failed', error: { name: 'VendorError' } });
      await until(() => closings.length === 1);
      session.close();
    },
  );

  it('agree that a wrong key is refused for good', async () => {
    const closings: unknown[] = [];
    create('wrong').open(options, (error) => closings.push(error));
    await until(() => closings.length === 1);
    expect(closings).toMatchObject([{ code: '401', isRetryable: false }]);
  });
});

describe('the model and its simulation', () => {
  const endCall = {
    name: 'end_call',
    description: 'Ends the call.',
    parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
  };

  async function complete(request: LanguageModelRequest, key = apiKey): Promise<LanguageModelPart[]> {
    const parts: LanguageModelPart[] = [];
    const { signal } = new AbortController();
    const model = createOpenAiLanguageModel(vendor(openai, key));
    for await (const part of model.stream(request, { signal })) parts.push(part);
    return parts;
  }

  it('agree on an answer, its usage and its end', async () => {
    const parts = await complete(modelRequest);
    expect(parts.filter(({ type }) => type === 'text-delta').length).toBeGreaterThan(1);
    expect(parts.slice(-2)).toMatchObject([{ type: 'usage' }, { type: 'end', reason: 'stop' }]);
  });

  it('agree on a tool call, and on going on after its result', async () => {
    const goodbye = { role: 'user', content: 'That was all, thank you. Goodbye!' } as const;
    const asked = await complete({
      ...modelRequest,
      tools: [endCall],
      messages: [modelRequest.messages[0]!, goodbye],
    });
    const call = asked.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []))[0]!;
    expect(call.name).toBe('end_call');
    expect(JSON.parse(call.arguments)).toEqual({});
    expect(asked.at(-1)).toEqual({ type: 'end', reason: 'tool-calls' });
    const answered = await complete({
      ...modelRequest,
      tools: [endCall],
      messages: [
        modelRequest.messages[0]!,
        goodbye,
        { role: 'assistant', content: '', toolCalls: [call] },
        { role: 'tool', toolCallId: call.id, content: '{"ok":true}' },
      ],
    });
    expect(answered.at(-1)?.type).toBe('end');
  });

  it.each(['reset', 'close', 'error', 'unfinished'] as const)(
    '[F5] agree that a %s is no end',
    async (type) => {
      openai.faults = { ...openai.faults, faults: [{ type, unit: 'token', after: 2 }] };
      await expect(complete(modelRequest)).rejects.toMatchObject({ name: 'VendorError', isRetryable: true });
    },
  );

  it('[F3] agree on refusals', async () => {
    openai.faults = {
      ...openai.faults,
      faults: [{ type: 'refuse', status: 429, retryAfterSeconds: 2, times: 1 }],
    };
    await expect(complete(modelRequest)).rejects.toMatchObject({ isRetryable: true, retryAfterMs: 2_000 });
    openai.faults = { faults: [{ type: 'refuse', status: 429, code: 'insufficient_quota' }] };
    await expect(complete(modelRequest)).rejects.toMatchObject({ isRetryable: false });
    await expect(complete(modelRequest, 'wrong')).rejects.toMatchObject({ isRetryable: false });
  });
});
