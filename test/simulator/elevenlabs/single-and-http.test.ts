import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startElevenlabs, type ElevenlabsSimulator } from '../../../simulator/elevenlabs/elevenlabs.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';
import { SocketClient } from '../support/socket-client.ts';

const VOICE = '21m00Tcm4TlvDq8ikWAM';
const QUERY = 'model_id=eleven_flash_v2_5&output_format=ulaw_8000';
const FAST = { latency: { connectMs: 0, firstAudioMs: 5, realTimeFactor: 0 } };
const KEY = { 'xi-api-key': 'key' };

let elevenlabs: ElevenlabsSimulator;

beforeAll(async () => {
  elevenlabs = await startElevenlabs({ apiKeys: ['key'], faults: FAST });
});
afterEach(() => (elevenlabs.faults = FAST));
afterAll(() => elevenlabs.close());

function connect(query = QUERY): Promise<SocketClient> {
  return new SocketClient(`${elevenlabs.url}/v1/text-to-speech/${VOICE}/stream-input?${query}`, KEY).open();
}

const audioOf = (client: SocketClient) =>
  Buffer.concat(
    client.messages.map(({ audio }) => Buffer.from(typeof audio === 'string' ? audio : '', 'base64')),
  );

describe('a single-context socket', () => {
  it('is initialised by a space and ended by an empty text', async () => {
    const client = await connect();
    client.send({ text: ' ', voice_settings: { stability: 0.5, similarity_boost: 0.75 } });
    client.send({ text: 'Hello there. ' });
    client.send({ text: '' });
    expect((await client.closed).code).toBe(1000);
    expect(client.messages.at(-1)).toMatchObject({ audio: null, isFinal: true });
    const speech = await synthesise('Hello there. ', { voice: 'agent', speed: 1 });
    expect(audioOf(client).equals(Buffer.from(speech.mulaw))).toBe(true);
  });

  it('speaks at once what is flushed', async () => {
    const client = await connect();
    client.send({ text: ' ' });
    client.send({ text: 'Hello. ', flush: true });
    await client.until(() => client.messages.find(({ audio }) => typeof audio === 'string'));
    expect(audioOf(client).length).toBeGreaterThan(0);
    client.ws.close();
  });

  it('needs fifty characters for a trigger, and more without one', async () => {
    const client = await connect();
    client.send({ text: ' ' });
    client.send({ text: 'Short. ', try_trigger_generation: true });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(client.messages).toEqual([]);
    client.send({ text: 'And now enough for the vendor to begin. ', try_trigger_generation: true });
    client.send({ text: 'There it is, at last. ', try_trigger_generation: true });
    await client.until(() => client.messages.find(({ audio }) => typeof audio === 'string'));
    client.ws.close();
  });

  it.each([
    ['a first text that is not a space', [{ text: 'Hello' }]],
    ['settings after the first message', [{ text: ' ' }, { text: 'Hi. ', voice_settings: {} }]],
    ['the vocabulary of contexts', [{ text: ' ', context_id: 'a' }]],
  ])('closes with 1008 on %s', async (_, messages) => {
    const client = await connect();
    for (const message of messages) client.send(message);
    expect((await client.closed).code).toBe(1008);
  });

  it('closes when nothing comes; a space keeps it', async () => {
    const client = await connect(`${QUERY}&inactivity_timeout=1`);
    client.send({ text: ' ' });
    await new Promise((resolve) => setTimeout(resolve, 700));
    client.send({ text: ' ' });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    await client.next(({ error }) => error === 'input_timeout_exceeded');
    expect((await client.closed).code).toBe(1008);
  });
});

function post(
  query: string,
  body: unknown,
  voice = VOICE,
  headers: Record<string, string> = KEY,
): Promise<Response> {
  return fetch(`${elevenlabs.url}/v1/text-to-speech/${voice}/stream?${query}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('HTTP', () => {
  const body = { text: 'Hello there.', model_id: 'eleven_flash_v2_5' };
  const format = 'output_format=ulaw_8000';

  it('streams bare mu-law', async () => {
    const response = await post(format, body);
    expect(response.headers.get('request-id')).toBeTruthy();
    const speech = await synthesise(body.text, { voice: 'agent', speed: 1 });
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(speech.mulaw))).toBe(true);
  });

  it('answers errors in the vendor’s form', async () => {
    expect((await post(format, { ...body, text: '' })).status).toBe(422);
    expect((await post(format, { ...body, voice_settings: { speed: 2 } })).status).toBe(422);
    expect((await post(format, { ...body, modelId: 'x' })).status).toBe(422);
    expect((await post('output_format=ulaw_9000', body)).status).toBe(422);
    const voice = await post(format, body, 'nobody');
    expect([voice.status, await voice.json()]).toEqual([
      404,
      { detail: { status: 'voice_not_found', message: expect.any(String) } },
    ]);
    const key = await post(format, body, VOICE, {});
    expect([key.status, await key.json()]).toEqual([
      401,
      { detail: { status: 'invalid_api_key', message: expect.any(String) } },
    ]);
  });

  it('[F8] refuses, breaks off and recovers as its faults say', async () => {
    elevenlabs.faults = {
      ...FAST,
      faults: [
        { type: 'refuse', status: 429, times: 1 },
        { type: 'reset', unit: 'byte', after: 1_000, times: 1 },
      ],
    };
    expect((await post(format, body)).status).toBe(429);
    await expect(post(format, body).then((response) => response.arrayBuffer())).rejects.toThrow('terminated');
    expect((await post(format, body)).status).toBe(200);
  });

  it('stops generating when the client goes', async () => {
    elevenlabs.faults = { latency: { connectMs: 0, firstAudioMs: 5, realTimeFactor: 1 } };
    const abort = new AbortController();
    const before = elevenlabs.stats.audioBytes;
    const response = await fetch(`${elevenlabs.url}/v1/text-to-speech/${VOICE}/stream?${format}`, {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...body,
        text: 'This sentence is rather long, so that there is time to go away.',
      }),
      signal: abort.signal,
    });
    await response.body!.getReader().read();
    abort.abort();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sent = elevenlabs.stats.audioBytes;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(elevenlabs.stats.audioBytes).toBe(sent);
    expect(sent).toBeGreaterThan(before);
  });

  it('lists voices', async () => {
    const response = await fetch(`${elevenlabs.url}/v1/voices`, { headers: KEY });
    const { voices } = (await response.json()) as { voices: { voice_id: string }[] };
    expect(voices.map(({ voice_id: id }) => id)).toContain(VOICE);
  });

  it('serves the same audio for any text when it is canned', async () => {
    const canned = new Uint8Array(8_000).fill(0x55);
    const quick = await startElevenlabs({ cannedSpeech: canned, faults: FAST });
    const response = await fetch(`${quick.url}/v1/text-to-speech/${VOICE}/stream?${format}`, {
      method: 'POST',
      headers: { ...KEY, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(canned))).toBe(true);
    await quick.close();
  });
});
