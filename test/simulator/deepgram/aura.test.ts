import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDeepgram, type DeepgramSimulator } from '../../../simulator/deepgram/deepgram.ts';
import { SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';
import { refusalOf, SocketClient } from '../support/socket-client.ts';

const QUERY = 'model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000';
const FAST = { latency: { connectMs: 0, firstAudioMs: 5, realTimeFactor: 0 } };
const TEXT = 'Your appointment is booked.';

let deepgram: DeepgramSimulator;

beforeAll(async () => {
  deepgram = await startDeepgram({ speech: new SpeechRegistry(), apiKeys: ['key'] });
});
afterEach(() => (deepgram.faults = { speak: FAST }));
afterAll(() => deepgram.close());

async function connect(query = QUERY): Promise<SocketClient> {
  deepgram.faults = { ...deepgram.faults, speak: { ...FAST, ...deepgram.faults.speak } };
  return new SocketClient(`${deepgram.url}/v1/speak?${query}`).open();
}

const audioOf = (client: SocketClient) => Buffer.concat(client.binary);
const spoken = async (text: string) =>
  Buffer.from((await synthesise(text, { voice: 'agent', speed: 1 })).mulaw);

describe('Aura on a socket', () => {
  it('sends its model, speaks flushed text and confirms the flush', async () => {
    const client = await connect();
    await client.next(({ type }) => type === 'Metadata');
    client.send({ type: 'Speak', text: 'Your appointment ' });
    client.send({ type: 'Speak', text: 'is booked.' });
    client.send({ type: 'Flush' });
    await client.next(({ type, sequence_id: id }) => type === 'Flushed' && id === 0);
    expect(audioOf(client).equals(await spoken(TEXT))).toBe(true);
    client.send({ type: 'Close' });
    expect((await client.closed).code).toBe(1000);
  });

  it('speaks nothing before it is flushed', async () => {
    const client = await connect();
    client.send({ type: 'Speak', text: TEXT });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(client.binary).toHaveLength(0);
    client.ws.close();
  });

  it('drops buffered text and audio on Clear', async () => {
    deepgram.faults = { speak: { latency: { connectMs: 0, firstAudioMs: 5, realTimeFactor: 0.5 } } };
    const client = await connect();
    client.send({ type: 'Speak', text: TEXT });
    client.send({ type: 'Flush' });
    await client.until(() => (client.binary.length > 0 ? true : undefined));
    client.send({ type: 'Clear' });
    await client.next(({ type }) => type === 'Cleared');
    const bytes = audioOf(client).length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(audioOf(client)).toHaveLength(bytes);
    expect(bytes).toBeLessThan((await spoken(TEXT)).length);
    client.ws.close();
  });

  it('ignores the twenty-first flush of a minute, with a warning', async () => {
    const client = await connect();
    for (let count = 0; count < 21; count += 1) client.send({ type: 'Flush' });
    await client.next(({ type }) => type === 'Warning');
    await client.next(({ type, sequence_id: id }) => type === 'Flushed' && id === 19);
    expect(client.messages.filter(({ type }) => type === 'Flushed')).toHaveLength(20);
    client.ws.close();
  });

  it('closes with the documented codes on what it does not take', async () => {
    const binary = await connect();
    binary.send(new Uint8Array(4));
    expect(await binary.closed).toEqual({ code: 1003, reason: 'MESSAGE-0000' });
    const unknown = await connect();
    unknown.send({ type: 'KeepAlive' });
    expect(await unknown.closed).toEqual({ code: 1008, reason: 'DATA-0000' });
    const long = await connect();
    long.send({ type: 'Speak', text: 'a'.repeat(2_001) });
    expect(await long.closed).toEqual({ code: 1008, reason: 'DATA-0001' });
  });

  it('refuses a container and an unknown model', async () => {
    expect((await refusalOf(`${deepgram.url}/v1/speak?${QUERY}&container=none`)).status).toBe(400);
    expect((await refusalOf(`${deepgram.url}/v1/speak?model=nova-3&encoding=mulaw`)).status).toBe(400);
  });

  it('[F7] resets in the middle of a sentence, at the byte', async () => {
    deepgram.faults = {
      speak: { ...FAST, faults: [{ type: 'reset', unit: 'byte', after: 4_000, times: 1 }] },
    };
    const client = await connect();
    client.send({ type: 'Speak', text: TEXT });
    client.send({ type: 'Flush' });
    expect((await client.closed).code).toBe(1006);
    expect(audioOf(client).length).toBeLessThanOrEqual(4_000);
  });

  it('[L13] sends all audio but never says that it was flushed', async () => {
    deepgram.faults = {
      speak: { ...FAST, faults: [{ type: 'unfinished', unit: 'byte', after: 0, times: 1 }] },
    };
    const client = await connect();
    const whole = (await spoken(TEXT)).length;
    client.send({ type: 'Speak', text: TEXT });
    client.send({ type: 'Flush' });
    await client.until(() => (audioOf(client).length === whole ? true : undefined));
    client.send({ type: 'Speak', text: TEXT });
    client.send({ type: 'Flush' });
    await client.next(({ type, sequence_id: id }) => type === 'Flushed' && id === 0);
    expect(audioOf(client)).toHaveLength(2 * whole);
    client.ws.close();
  });
});

function post(query: string, body: unknown, key = 'key'): Promise<Response> {
  return fetch(`${deepgram.url}/v1/speak?${query}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('Aura over HTTP', () => {
  it('streams bare mu-law with container=none', async () => {
    const response = await post(`${QUERY}&container=none`, { text: TEXT });
    expect(response.headers.get('content-type')).toBe('audio/mulaw;rate=8000');
    expect(Buffer.from(await response.arrayBuffer()).equals(await spoken(TEXT))).toBe(true);
  });

  it('puts a WAV header in front by default, as the vendor does', async () => {
    const audio = Buffer.from(await (await post(QUERY, { text: TEXT })).arrayBuffer());
    expect(audio.subarray(0, 4).toString()).toBe('RIFF');
    expect(audio).toHaveLength(44 + (await spoken(TEXT)).length);
  });

  it('answers 413 to a long text, 400 to none, 401 to a wrong key', async () => {
    expect((await post(`${QUERY}&container=none`, { text: 'a'.repeat(2_001) })).status).toBe(413);
    expect((await post(`${QUERY}&container=none`, {})).status).toBe(400);
    expect((await post(`${QUERY}&container=none`, { text: TEXT }, 'wrong')).status).toBe(401);
  });

  it('refuses with the status and the wait that were asked for', async () => {
    deepgram.faults = {
      speak: { ...FAST, faults: [{ type: 'refuse', status: 429, retryAfterSeconds: 2, times: 1 }] },
    };
    const response = await post(`${QUERY}&container=none`, { text: TEXT });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
    expect((await post(`${QUERY}&container=none`, { text: TEXT })).status).toBe(200);
  });
});
