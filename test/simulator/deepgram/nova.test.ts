import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDeepgram, type DeepgramSimulator } from '../../../simulator/deepgram/deepgram.ts';
import { SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../../../simulator/speech/synthesised-speech.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';
import { refusalOf, silence, SocketClient, type Message } from '../support/socket-client.ts';

const QUERY =
  'model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&endpointing=300&utterance_end_ms=1000&vad_events=true&smart_format=true&language=en-US';
const TEXT = "I'd like to book a haircut please.";

let deepgram: DeepgramSimulator;
let utterance: SynthesisedSpeech;
const speech = new SpeechRegistry();

beforeAll(async () => {
  deepgram = await startDeepgram({ speech, idleTimeoutMs: 300 });
  utterance = await synthesise(TEXT, { voice: 'caller' });
  speech.register(utterance);
});
afterEach(() => (deepgram.faults = {}));
afterAll(() => deepgram.close());

function connect(query = QUERY): Promise<SocketClient> {
  return new SocketClient(`${deepgram.url}/v1/listen?${query}`).open();
}

function transcriptOf(message: Message): string {
  const { alternatives } = message['channel'] as { alternatives: { transcript: string }[] };
  return alternatives[0]!.transcript;
}

const results = (client: SocketClient) => client.messages.filter(({ type }) => type === 'Results');
/** As the documents say: all settled parts since the last end, joined. */
const assembled = (client: SocketClient) =>
  results(client)
    .filter(({ is_final: isFinal }) => isFinal)
    .map(transcriptOf)
    .filter(Boolean)
    .join(' ');

describe('Nova accepts', () => {
  it('the phone recipe of the documents', async () => {
    const client = await connect();
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.ws.close();
  });

  it.each([
    [
      'an utterance end without interim results',
      'model=nova-3&encoding=mulaw&sample_rate=8000&utterance_end_ms=1000',
    ],
    ['keywords with Nova 3', `${QUERY}&keywords=tune-up`],
    ['key terms with Nova 2', 'model=nova-2-phonecall&encoding=mulaw&sample_rate=8000&keyterm=tune-up'],
    ['an encoding without a rate', 'model=nova-3&encoding=mulaw'],
    ['Flux vocabulary', `${QUERY}&eot_threshold=0.7`],
    ['no model', 'encoding=mulaw&sample_rate=8000'],
  ])('nothing with %s: 400', async (_, query) => {
    expect((await refusalOf(`${deepgram.url}/v1/listen?${query}`)).status).toBe(400);
  });
});

describe('Nova hears', () => {
  it('an utterance: voice activity, settled parts, one endpoint, and the end of the utterance', async () => {
    const client = await connect();
    client.sendAudio(silence(500));
    client.sendAudio(utterance.mulaw);
    client.sendAudio(silence(2_500));
    const end = await client.next(({ type }) => type === 'UtteranceEnd');
    client.send({ type: 'CloseStream' });
    await client.closed;
    expect(client.messages.filter(({ type }) => type === 'UtteranceEnd')).toHaveLength(1);
    expect(assembled(client)).toBe(TEXT);
    const endpoints = results(client).filter(({ speech_final: isEndpoint }) => isEndpoint);
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({ is_final: true, from_finalize: false, channel_index: [0, 1] });
    expect(end['last_word_end']).toBeCloseTo(0.5 + utterance.durationMs / 1000, 0);
    expect(client.messages[0]).toMatchObject({ type: 'SpeechStarted', channel: [0, 1] });
    client.ws.close();
  });

  it('no endpoint when endpointing is off', async () => {
    const client = await connect(QUERY.replace('endpointing=300', 'endpointing=false'));
    client.sendAudio(utterance.mulaw);
    client.sendAudio(silence(2_500));
    await client.next(({ type }) => type === 'UtteranceEnd');
    expect(results(client).some(({ speech_final: isEndpoint }) => isEndpoint)).toBe(false);
    client.ws.close();
  });

  it('nothing but settled parts without interim results', async () => {
    const client = await connect('model=nova-3&encoding=mulaw&sample_rate=8000&endpointing=300');
    client.sendAudio(utterance.mulaw);
    client.sendAudio(silence(1_000));
    await client.next(({ speech_final: isEndpoint }) => isEndpoint === true);
    expect(results(client).every(({ is_final: isFinal }) => isFinal)).toBe(true);
    client.ws.close();
  });
});

describe('Nova obeys', () => {
  it('Finalize: what was buffered is settled, and says why', async () => {
    const client = await connect();
    client.sendAudio(utterance.mulaw);
    client.send({ type: 'Finalize' });
    const final = await client.next(({ from_finalize: isFinalized }) => isFinalized === true);
    expect(final).toMatchObject({ is_final: true });
    expect(TEXT).toContain(transcriptOf(final));
    client.ws.close();
  });

  it('CloseStream: the rest, then Metadata, then 1000', async () => {
    const client = await connect();
    client.sendAudio(utterance.mulaw);
    client.send({ type: 'CloseStream' });
    expect((await client.closed).code).toBe(1000);
    expect(client.messages.at(-1)).toMatchObject({ type: 'Metadata', channels: 1 });
    expect(client.messages.at(-1)!['duration']).toBeCloseTo(utterance.durationMs / 1000, 1);
  });

  it('an empty binary frame as the end of the stream', async () => {
    const client = await connect();
    client.send(new Uint8Array(0));
    expect((await client.closed).code).toBe(1000);
  });

  it('KeepAlive as text, once audio has come; before that it keeps nothing', async () => {
    const never = await connect();
    const timer = setInterval(() => never.send({ type: 'KeepAlive' }), 50);
    expect(await never.closed).toEqual({ code: 1011, reason: 'NET-0001' });
    clearInterval(timer);
    const kept = await connect();
    kept.sendAudio(silence(20));
    for (let beat = 0; beat < 8; beat += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      kept.send({ type: 'KeepAlive' });
    }
    expect(kept.ws.readyState).toBe(kept.ws.OPEN);
    expect(await kept.closed).toEqual({ code: 1011, reason: 'NET-0001' });
  });

  it('nothing else: 1008', async () => {
    const client = await connect();
    client.send({ type: 'Configure' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'DATA-0000' });
  });
});

describe('faults of Nova', () => {
  it('[F1] resets the socket after two words', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'reset', unit: 'word', after: 2 }] } };
    const client = await connect();
    client.sendAudio(utterance.mulaw);
    client.sendAudio(silence(1_000));
    expect((await client.closed).code).toBe(1006);
    expect(assembled(client)).toBe('');
  });

  it('closes with the code of an internal fault', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'error', unit: 'byte', after: 100 }] } };
    const client = await connect();
    client.sendAudio(silence(100));
    expect(await client.closed).toEqual({ code: 1011, reason: 'NET-0000' });
  });
});
