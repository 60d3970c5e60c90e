import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startElevenlabs, type ElevenlabsSimulator } from '../../../simulator/elevenlabs/elevenlabs.ts';
import { refusalOf, SocketClient, type Message } from '../support/socket-client.ts';

const VOICE = '21m00Tcm4TlvDq8ikWAM';
const QUERY = 'model_id=eleven_flash_v2_5&output_format=ulaw_8000&auto_mode=true';
const FAST = { latency: { connectMs: 0, firstAudioMs: 5, realTimeFactor: 0 } };
const KEY = { 'xi-api-key': 'key' };

let elevenlabs: ElevenlabsSimulator;

beforeAll(async () => {
  elevenlabs = await startElevenlabs({ apiKeys: ['key'], faults: FAST });
});
afterEach(() => (elevenlabs.faults = FAST));
afterAll(() => elevenlabs.close());

function connect(query = QUERY, headers: Record<string, string> = KEY): Promise<SocketClient> {
  return new SocketClient(
    `${elevenlabs.url}/v1/text-to-speech/${VOICE}/multi-stream-input?${query}`,
    headers,
  ).open();
}

interface Alignment {
  readonly chars: string[];
  readonly charStartTimesMs: number[];
  readonly charDurationsMs: number[];
}

const of = (client: SocketClient, id: string) => client.messages.filter(({ contextId }) => contextId === id);
const bytesOf = ({ audio }: Message) => (typeof audio === 'string' ? Buffer.from(audio, 'base64').length : 0);
const isFinalOf = (id: string) => (message: Message) =>
  message['isFinal'] === true && message['contextId'] === id;

/** Every character with its time in the context's audio, by the documented accounting. */
function aligned(messages: readonly Message[]): { character: string; startMs: number }[] {
  let coveredBytes = 0;
  let receivedBytes = 0;
  return messages.flatMap((message) => {
    receivedBytes += bytesOf(message);
    const alignment = message['alignment'] as Alignment | null | undefined;
    if (!alignment) return [];
    const baseMs = coveredBytes / 8;
    coveredBytes = receivedBytes;
    expect(alignment.charDurationsMs).toHaveLength(alignment.chars.length);
    return alignment.chars.map((character, index) => ({
      character,
      startMs: baseMs + alignment.charStartTimesMs[index]!,
    }));
  });
}

describe('a multi-context socket', () => {
  it('speaks a context, times each character of it once, and says when it is over', async () => {
    const client = await connect();
    client.send({ text: ' ', context_id: 'a', voice_settings: { speed: 1.1 } });
    client.send({ text: 'Hello there. ', context_id: 'a' });
    client.send({ text: 'How can I help you today? ', context_id: 'a' });
    client.send({ context_id: 'a', close_context: true });
    await client.next(isFinalOf('a'));
    const characters = aligned(of(client, 'a'));
    expect(characters.map(({ character }) => character).join('')).toBe(
      ' Hello there. How can I help you today? ',
    );
    const starts = characters.map(({ startMs }) => startMs);
    expect(starts).toEqual(starts.toSorted((x, y) => x - y));
    const totalMs = of(client, 'a').reduce((sum, message) => sum + bytesOf(message), 0) / 8;
    expect(starts.at(-1)!).toBeLessThanOrEqual(totalMs);
    expect(of(client, 'a').some((message) => bytesOf(message) > 0 && message['alignment'] === null)).toBe(
      true,
    );
    client.ws.close();
  });

  it('times every chunk when asked to', async () => {
    const client = await connect(`${QUERY}&sync_alignment=true`);
    client.send({ text: 'How can I help you today? ', context_id: 'a' });
    client.send({ context_id: 'a', close_context: true });
    await client.next(isFinalOf('a'));
    expect(of(client, 'a').every((message) => bytesOf(message) === 0 || message['alignment'] !== null)).toBe(
      true,
    );
    client.ws.close();
  });

  it('collects text until there is enough of it, unless it is flushed', async () => {
    const client = await connect(QUERY.replace('&auto_mode=true', ''));
    client.send({ text: ' ', context_id: 'a', generation_config: { chunk_length_schedule: [50] } });
    client.send({ text: 'Too short. ', context_id: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(client.messages).toEqual([]);
    client.send({ context_id: 'a', flush: true });
    await client.until(() => of(client, 'a').find((message) => bytesOf(message) > 0));
    client.ws.close();
  });

  it('plays out what was flushed when a context is closed, and drops what was not', async () => {
    const client = await connect(QUERY.replace('&auto_mode=true', ''));
    client.send({ text: 'This is spoken. ', context_id: 'a', flush: true });
    client.send({ text: 'This is not. ', context_id: 'a' });
    client.send({ context_id: 'a', close_context: true });
    await client.next(isFinalOf('a'));
    expect(
      aligned(of(client, 'a'))
        .map(({ character }) => character)
        .join(''),
    ).toBe('This is spoken. ');
    client.ws.close();
  });

  it('keeps contexts apart, and lets an id be used again', async () => {
    const client = await connect();
    for (const id of ['a', 'b']) {
      client.send({ text: `This is ${id}. `, context_id: id });
      client.send({ context_id: id, close_context: true });
    }
    await Promise.all([client.next(isFinalOf('a')), client.next(isFinalOf('b'))]);
    client.send({ text: 'Again. ', context_id: 'a' });
    client.send({ close_socket: true });
    expect((await client.closed).code).toBe(1000);
    expect(of(client, 'a').filter(({ isFinal }) => isFinal)).toHaveLength(2);
  });

  it('closes altogether at the sixth context', async () => {
    const client = await connect();
    for (let count = 1; count <= 6; count += 1) client.send({ text: 'Hello. ', context_id: `c${count}` });
    const error = await client.next(({ error: slug }) => slug === 'max_active_conversations');
    expect(error['code']).toBe(1008);
    expect((await client.closed).code).toBe(1008);
  });

  it('has room again as soon as a context has ended', async () => {
    const client = await connect();
    for (let count = 1; count <= 12; count += 1) {
      client.send({ text: 'Hello. ', context_id: `c${count}` });
      client.send({ context_id: `c${count}`, close_context: true });
      await client.next(isFinalOf(`c${count}`));
    }
    expect(client.messages.some(({ error }) => error !== undefined)).toBe(false);
    client.ws.close();
  });

  it.each([
    [
      'settings after the first message',
      [
        { text: ' ', context_id: 'a' },
        { text: 'Hi. ', context_id: 'a', voice_settings: { speed: 1 } },
      ],
    ],
    ['a speed out of range', [{ text: ' ', context_id: 'a', voice_settings: { speed: 1.5 } }]],
    ['a field it does not know', [{ text: 'Hi. ', contextId: 'a' }]],
    ['text without a context', [{ text: 'Hi. ' }]],
    [
      'a schedule out of range',
      [{ text: ' ', context_id: 'a', generation_config: { chunk_length_schedule: [10] } }],
    ],
    ['no JSON', ['hello']],
  ])('closes with 1008 on %s', async (_, messages) => {
    const client = await connect();
    for (const message of messages) client.send(message);
    const error = await client.next(({ error: slug }) => slug !== undefined);
    expect(error).toMatchObject({ code: 1008, message: expect.any(String) });
    expect((await client.closed).code).toBe(1008);
  });

  it('ends an idle context after its time; an empty text keeps it', async () => {
    const client = await connect(`${QUERY}&inactivity_timeout=1`);
    for (const id of ['kept', 'idle']) client.send({ text: ' ', context_id: id });
    await new Promise((resolve) => setTimeout(resolve, 700));
    client.send({ text: '', context_id: 'kept' });
    await client.next(isFinalOf('idle'));
    expect(of(client, 'kept')).toEqual([]);
    client.ws.close();
  });

  it.each([
    [
      'a model of the third version',
      VOICE,
      QUERY.replace('eleven_flash_v2_5', 'eleven_v3'),
      'unsupported_model',
    ],
    ['an unknown voice', 'nobody', QUERY, 'voice_not_found'],
    ['a timeout above 180 s', VOICE, `${QUERY}&inactivity_timeout=181`, 'invalid_parameter'],
  ])('tells %s after the upgrade, and closes', async (_, voice, query, slug) => {
    const client = new SocketClient(
      `${elevenlabs.url}/v1/text-to-speech/${voice}/multi-stream-input?${query}`,
      KEY,
    );
    await client.next(({ error }) => error === slug);
    expect((await client.closed).code).toBe(1008);
  });

  it('wants a key: in a header, or in the first message', async () => {
    const url = `${elevenlabs.url}/v1/text-to-speech/${VOICE}/multi-stream-input?${QUERY}`;
    expect((await refusalOf(url, { 'xi-api-key': 'wrong' })).status).toBe(401);
    const without = await connect(QUERY, {});
    without.send({ text: ' ', context_id: 'a' });
    await without.next(({ error }) => error === 'invalid_api_key');
    const inMessage = await connect(QUERY, {});
    inMessage.send({ text: 'Hi. ', context_id: 'a', xi_api_key: 'key' });
    await inMessage.until(() => inMessage.messages.find((message) => bytesOf(message) > 0));
    inMessage.ws.close();
  });
});

function speak(client: SocketClient, id: string): void {
  client.send({ text: 'How can I help you today? ', context_id: id });
  client.send({ context_id: id, close_context: true });
}

describe('faults of a multi-context socket', () => {
  it.each([0, 1, 3_000, 9_999])('[F7] resets after %i bytes of audio', async (after) => {
    elevenlabs.faults = { ...FAST, faults: [{ type: 'reset', unit: 'byte', after }] };
    const client = await connect();
    speak(client, 'a');
    expect((await client.closed).code).toBe(1006);
    expect(of(client, 'a').reduce((sum, message) => sum + bytesOf(message), 0)).toBeLessThanOrEqual(after);
  });

  it('[L13] stalls in the second utterance alone', async () => {
    elevenlabs.faults = { ...FAST, faults: [{ type: 'stall', unit: 'byte', after: 0, everyNth: 2 }] };
    const client = await connect();
    speak(client, 'a');
    await client.next(isFinalOf('a'));
    speak(client, 'b');
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(of(client, 'b')).toEqual([]);
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.ws.close();
  });

  it('closes in good order before the end, leaves out the end, breaks a message', async () => {
    elevenlabs.faults = { ...FAST, faults: [{ type: 'close', unit: 'byte', after: 500, times: 1 }] };
    const closed = await connect();
    speak(closed, 'a');
    expect((await closed.closed).code).toBe(1000);
    elevenlabs.faults = { ...FAST, faults: [{ type: 'unfinished', unit: 'byte', after: 0, times: 1 }] };
    const unfinished = await connect();
    speak(unfinished, 'a');
    speak(unfinished, 'b');
    await unfinished.next(isFinalOf('b'));
    expect(of(unfinished, 'a').some(({ isFinal }) => isFinal)).toBe(false);
    elevenlabs.faults = { ...FAST, faults: [{ type: 'malformed', unit: 'byte', after: 500, times: 1 }] };
    const malformed = await connect();
    speak(malformed, 'a');
    await malformed.next(({ type }) => type === 'unreadable');
    await malformed.next(isFinalOf('a'));
    unfinished.ws.close();
    malformed.ws.close();
  });

  it('refuses an upgrade with 429', async () => {
    elevenlabs.faults = { ...FAST, faults: [{ type: 'refuse', status: 429, times: 1 }] };
    const refused = await refusalOf(
      `${elevenlabs.url}/v1/text-to-speech/${VOICE}/multi-stream-input?${QUERY}`,
      KEY,
    );
    expect(refused).toMatchObject({
      status: 429,
      body: { detail: { status: 'too_many_concurrent_requests' } },
    });
  });
});
