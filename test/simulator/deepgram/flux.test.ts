import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDeepgram, type DeepgramSimulator } from '../../../simulator/deepgram/deepgram.ts';
import { SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../../../simulator/speech/synthesised-speech.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';
import { refusalOf, silence, SocketClient } from '../support/socket-client.ts';

const QUERY = 'model=flux-general-en&encoding=mulaw&sample_rate=8000';
const TEXT = "I'd like to book a haircut please.";

let deepgram: DeepgramSimulator;
let utterance: SynthesisedSpeech;
const speech = new SpeechRegistry();

beforeAll(async () => {
  deepgram = await startDeepgram({ speech, apiKeys: ['key'], idleTimeoutMs: 300 });
  utterance = await synthesise(TEXT, { voice: 'caller' });
  speech.register(utterance);
});
afterEach(() => (deepgram.faults = {}));
afterAll(() => deepgram.close());

function connect(query = QUERY): Promise<SocketClient> {
  return new SocketClient(`${deepgram.url}/v2/listen?${query}`).open();
}

function speak(client: SocketClient): void {
  client.sendAudio(Buffer.concat([utterance.mulaw, silence(1_000)]));
}

describe('Flux accepts', () => {
  it('an upgrade with key, model, encoding and rate, and says that it is connected', async () => {
    const client = await connect();
    const connected = await client.next(({ type }) => type === 'Connected');
    expect(connected).toMatchObject({ sequence_id: 0, request_id: expect.any(String) });
    client.ws.close();
  });

  it.each([
    ['no model', 'encoding=mulaw&sample_rate=8000'],
    ['a Nova model', 'model=nova-3&encoding=mulaw&sample_rate=8000'],
    ['an encoding without a rate', 'model=flux-general-en&encoding=mulaw'],
    ['a language', `${QUERY}&language=en`],
    ['interim results, which are Nova vocabulary', `${QUERY}&interim_results=true`],
    ['a language hint for the English model', `${QUERY}&language_hint=de`],
    ['an eager threshold above the other', `${QUERY}&eot_threshold=0.5&eager_eot_threshold=0.6`],
    ['a threshold out of range', `${QUERY}&eot_threshold=0.4`],
    ['a timeout out of range', `${QUERY}&eot_timeout_ms=100`],
  ])('nothing with %s: 400', async (_, query) => {
    const refused = await refusalOf(`${deepgram.url}/v2/listen?${query}`);
    expect(refused.status).toBe(400);
    expect(refused.headers['dg-error']).toBeTruthy();
    expect(refused.body).toMatchObject({
      err_code: expect.any(String),
      err_msg: refused.headers['dg-error'],
      request_id: refused.headers['dg-request-id'],
    });
  });

  it('no client without a valid key: 401', async () => {
    const url = `${deepgram.url}/v2/listen?${QUERY}`;
    expect((await refusalOf(url, {})).body['err_code']).toBe('INVALID_AUTH');
    expect((await refusalOf(url, { authorization: 'Token wrong' })).status).toBe(401);
  });
});

describe('Flux hears', () => {
  it('an utterance, and reports its turn in order with cumulative text and word times', async () => {
    const client = await connect(`${QUERY}&eager_eot_threshold=0.4`);
    client.sendAudio(silence(500));
    client.sendAudio(utterance.mulaw);
    client.sendAudio(silence(1_000));
    const end = await client.next(({ event }) => event === 'EndOfTurn');
    expect(client.events()).toEqual(['StartOfTurn', 'EagerEndOfTurn', 'EndOfTurn']);
    expect(end).toMatchObject({ transcript: TEXT, turn_index: 0, trigger: 'model' });
    const words = end['words'] as { word: string; start: number; end: number; confidence: number }[];
    expect(words.map(({ word }) => word).join(' ')).toBe(TEXT);
    expect(words[0]!.start).toBeCloseTo(0.5, 1);
    expect(end['end_of_turn_confidence']).toBeGreaterThanOrEqual(0.7);
    expect(client.messages.map(({ sequence_id: id }) => id)).toEqual(
      client.messages.map((_, index) => index),
    );
    client.ws.close();
  });

  it('only the words whose audio arrived', async () => {
    const client = await connect();
    const half = utterance.words[3]!.endMs * 8;
    client.sendAudio(utterance.mulaw.subarray(0, half));
    client.sendAudio(silence(6_000));
    const end = await client.next(({ event }) => event === 'EndOfTurn');
    expect(TEXT).toContain(end['transcript'] as string);
    expect((end['transcript'] as string).split(' ').length).toBeLessThan(6);
    client.ws.close();
  });

  it('nothing in silence, of which it still reports', async () => {
    const client = await connect();
    client.sendAudio(silence(1_000));
    await client.until(() => (client.messages.length >= 5 ? true : undefined));
    expect(
      client.messages.slice(1).every(({ event, transcript }) => event === 'Update' && transcript === ''),
    ).toBe(true);
    client.ws.close();
  });
});

describe('Flux obeys', () => {
  it('Configure: nested thresholds, acknowledged with what is now in force', async () => {
    const client = await connect();
    client.send({
      type: 'Configure',
      thresholds: { eot_threshold: 0.8, eot_timeout_ms: 6_000 },
      keyterms: ['tune-up'],
    });
    const success = await client.next(({ type }) => type === 'ConfigureSuccess');
    expect(success).toMatchObject({
      thresholds: { eot_threshold: 0.8, eot_timeout_ms: 6_000 },
      keyterms: ['tune-up'],
    });
    client.ws.close();
  });

  it.each([
    ['thresholds that are not nested', { type: 'Configure', eot_threshold: 0.8 }],
    ['a threshold out of range', { type: 'Configure', thresholds: { eot_threshold: 2 } }],
    ['an eager threshold above the other', { type: 'Configure', thresholds: { eager_eot_threshold: 0.9 } }],
    ['language hints in the English model', { type: 'Configure', language_hints: ['de'] }],
  ])('not a Configure with %s, and keeps listening', async (_, message) => {
    const client = await connect();
    client.send(message);
    const failure = await client.next(({ type }) => type === 'ConfigureFailure');
    expect(failure).toMatchObject({ code: expect.any(String), description: expect.any(String) });
    client.sendAudio(silence(300));
    await client.next(({ event }) => event === 'Update');
    client.ws.close();
  });

  it('ForceEndTurn at once, and warns when there is no turn', async () => {
    const client = await connect();
    client.send({ type: 'ForceEndTurn' });
    await client.next(({ code }) => code === 'FORCE_END_TURN_NO_ACTIVE_TURN');
    client.sendAudio(utterance.mulaw);
    await client.next(({ event }) => event === 'StartOfTurn');
    client.send({ type: 'ForceEndTurn' });
    expect(await client.next(({ event }) => event === 'EndOfTurn')).toMatchObject({ trigger: 'manual' });
    client.ws.close();
  });

  it('CloseStream with an update, no end of turn, and a close without a code', async () => {
    const client = await connect();
    client.sendAudio(utterance.mulaw);
    client.send({ type: 'CloseStream' });
    expect((await client.closed).code).toBe(1005);
    expect(client.events()).not.toContain('EndOfTurn');
    expect(client.messages.at(-1)).toMatchObject({ event: 'Update' });
  });

  it.each(['{"type":"KeepAlive"}', '{"type":"Finalize"}', 'hello'])(
    'nothing like %s: a fatal Error, then the close',
    async (message) => {
      const client = await connect();
      client.send(message);
      expect(await client.next(({ type }) => type === 'Error')).toMatchObject({
        code: 'UNPARSABLE_CLIENT_MESSAGE',
      });
      expect((await client.closed).code).toBe(1008);
    },
  );

  it('its idle time: without audio it closes', async () => {
    const client = await connect();
    expect(await client.closed).toEqual({ code: 1011, reason: 'NET-0001' });
  });
});

describe('faults of Flux', () => {
  it.each([0, 2, 4])('[F1] resets the socket after %i words, of every second turn', async (after) => {
    deepgram.faults = { listen: { faults: [{ type: 'reset', unit: 'word', after, everyNth: 2 }] } };
    const client = await connect();
    speak(client);
    await client.next(({ event }) => event === 'EndOfTurn');
    speak(client);
    expect((await client.closed).code).toBe(1006);
    const heard = client.messages
      .filter(({ turn_index: turn }) => turn === 1)
      .map(({ transcript }) => transcript as string);
    expect(Math.max(0, ...heard.map((text) => text.split(' ').filter(Boolean).length))).toBeLessThanOrEqual(
      after,
    );
  });

  it('[F2] accepts audio and never answers again', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'stall', unit: 'byte', after: 4_000 }] } };
    const client = await connect();
    speak(client);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.messages.length).toBeLessThanOrEqual(3);
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.ws.close();
  });

  it('sends an Error and closes', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'error', unit: 'word', after: 1 }] } };
    const client = await connect();
    speak(client);
    await client.next(({ code }) => code === 'INTERNAL_SERVER_ERROR');
    expect((await client.closed).code).toBe(1011);
  });

  it('sends one unreadable message and goes on', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'malformed', unit: 'word', after: 0, times: 1 }] } };
    const client = await connect();
    speak(client);
    await client.next(({ type }) => type === 'unreadable');
    expect(await client.next(({ event }) => event === 'EndOfTurn')).toMatchObject({ transcript: TEXT });
    client.ws.close();
  });

  it('never ends a turn', async () => {
    deepgram.faults = { listen: { faults: [{ type: 'unfinished', unit: 'word', after: 0 }] } };
    const client = await connect();
    speak(client);
    await client.next(({ turn_index: turn }) => turn === 1);
    expect(client.events()).not.toContain('EndOfTurn');
    client.ws.close();
  });

  it.each([429, 500, 401])('refuses the upgrade once with %i, then accepts', async (status) => {
    deepgram.faults = { listen: { faults: [{ type: 'refuse', status, times: 1 }] } };
    expect((await refusalOf(`${deepgram.url}/v2/listen?${QUERY}`)).status).toBe(status);
    (await connect()).ws.close();
  });
});
