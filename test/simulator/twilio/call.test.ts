import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Scenario } from '../../../simulator/scenario.ts';
import { SpeechFinder, SpeechRegistry } from '../../../simulator/speech/heard-speech.ts';
import { levelOf } from '../../../simulator/speech/level.ts';
import { synthesise } from '../../../simulator/speech/synthesis.ts';
import { signWebhook } from '../../../simulator/twilio/signature.ts';
import { startTwilio, type TwilioOptions } from '../../../simulator/twilio/twilio.ts';
import { connectTwiml, startAnsweringServer, type ServedStream } from '../answering-server.ts';

const AUTH_TOKEN = 'token-of-the-account';
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const HANG_UP = '<Response><Hangup/></Response>';
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function scenario(steps: Scenario['steps'], more: Partial<Scenario> = {}): Scenario {
  return { name: 'test', description: '', caller: { phone: '+14155550100' }, steps, ...more };
}

async function carrier(options: Partial<TwilioOptions> = {}) {
  const speech = new SpeechRegistry();
  const twilio = await startTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, speech, ...options });
  closing.push(() => twilio.close());
  return { twilio, speech };
}

async function server(behaviour: Parameters<typeof startAnsweringServer>[0]) {
  const started = await startAnsweringServer(behaviour);
  closing.push(() => started.close());
  return started;
}

/** Answers every first webhook with a stream, and hangs up after it. */
const streaming = (
  onStart?: (stream: ServedStream) => void,
  onMessage?: Parameters<typeof startAnsweringServer>[0]['onMessage'],
) =>
  server({
    answer: (request, url) => (request.path === '/voice' ? connectTwiml(url) : HANG_UP),
    ...(onStart && { onStart }),
    ...(onMessage && { onMessage }),
  });

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

// Calls take their real time, so they are held side by side.
describe.concurrent('a simulated call', () => {
  it('posts a signed webhook and opens a signed media socket', async () => {
    const parley = await streaming((stream) => stream.socket.close(1000));
    const { twilio } = await carrier();
    const call = twilio.placeCall({
      scenario: scenario([]),
      to: '+15005550100',
      voiceUrl: `${parley.url}/voice`,
    });
    const report = await call.done;

    const [voice, after] = parley.requests;
    expect(voice!.form).toMatchObject({
      CallSid: call.callSid,
      AccountSid: ACCOUNT_SID,
      From: '+14155550100',
      To: '+15005550100',
      CallStatus: 'ringing',
      Direction: 'inbound',
      ApiVersion: '2010-04-01',
    });
    expect(voice!.headers['x-twilio-signature']).toBe(
      signWebhook(AUTH_TOKEN, `${parley.url}/voice`, Object.entries(voice!.form)),
    );
    expect(after!.path).toBe('/after');
    expect(after!.form['CallStatus']).toBe('in-progress');

    const [stream] = parley.streams;
    const written = `${parley.url.replace('http', 'wss')}/media`;
    expect(stream!.headers['x-twilio-signature']).toBe(signWebhook(AUTH_TOKEN, written));
    expect(stream!.headers.origin).toBeUndefined();
    expect(stream!.messages[0]).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    expect(stream!.messages[1]).toMatchObject({
      event: 'start',
      sequenceNumber: '1',
      start: {
        callSid: call.callSid,
        accountSid: ACCOUNT_SID,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 'a&b' },
      },
    });
    expect(report).toMatchObject({ status: 'completed', endedBy: 'instructions', streams: 1, warnings: [] });
    expect(report.instructions.map(({ verb }) => verb)).toEqual(['connect', 'hangup']);
  });

  it('signs over the public address and connects to the local one', async () => {
    const publicOrigin = 'https://parley.example';
    const parley = await server({
      answer: (request) =>
        request.path === '/voice'
          ? connectTwiml(publicOrigin).replace('https://parley.example/media', 'wss://parley.example/media')
          : HANG_UP,
      onStart: (stream) => stream.socket.close(1000),
    });
    const { twilio } = await carrier({ routes: { [publicOrigin]: parley.url } });
    await twilio.placeCall({ scenario: scenario([]), to: '+1500', voiceUrl: `${publicOrigin}/voice` }).done;
    const [voice] = parley.requests;
    expect(voice!.headers['x-twilio-signature']).toBe(
      signWebhook(AUTH_TOKEN, `${publicOrigin}/voice`, Object.entries(voice!.form)),
    );
  });

  it('sends the caller as 20 ms frames, numbered without gaps, in which the recogniser finds the words', async () => {
    const parley = await streaming();
    const { twilio, speech } = await carrier();
    const said = 'Hello, I would like to book a table.';
    const report = await twilio.placeCall({
      scenario: scenario([
        { say: said, when: { afterMs: 200 } },
        { hangUp: 'politely', when: { afterMs: 100 } },
      ]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    const [stream] = parley.streams;
    await until(() => stream!.messages.at(-1)?.event === 'stop');
    const media = stream!.messages.filter(({ event }) => event === 'media');
    expect(stream!.messages.slice(1).map((message) => message['sequenceNumber'])).toEqual(
      stream!.messages.slice(1).map((_, i) => String(i + 1)),
    );
    expect(media.map((message) => message['media'])).toEqual(
      media.map((_, i) => ({
        track: 'inbound',
        chunk: String(i + 1),
        timestamp: String(i * 20),
        payload: expect.stringMatching(/^.{216}$/) as string,
      })),
    );
    const heard = new SpeechFinder(speech).push(stream!.audio()).flatMap(({ words }) => words);
    expect(heard.map(({ text }) => text).join(' ')).toBe(said);
    expect(report).toMatchObject({ endedBy: 'caller', framesSent: media.length, framesLost: 0 });
  });

  it('plays what is sent in real time, echoes marks when they are reached, and drops the rest on clear', async () => {
    const speech = await synthesise('One two three four five six seven eight nine ten.', { voice: 'agent' });
    const echoes: { name: string; atMs: number }[] = [];
    const parley = await streaming(
      (stream) => {
        stream.send({ event: 'mark', mark: { name: 'empty' } });
        stream.play(speech.mulaw.subarray(0, 4_000));
        stream.send({ event: 'mark', mark: { name: 'half a second' } });
        stream.play(speech.mulaw.subarray(4_000));
        stream.send({ event: 'mark', mark: { name: 'never played' } });
      },
      (message, stream) => {
        if (message.event !== 'mark') return;
        echoes.push({ name: (message['mark'] as { name: string }).name, atMs: performance.now() });
        if (echoes.length === 2) stream.send({ event: 'clear' });
        if (echoes.length === 3) setTimeout(() => stream.socket.close(1000), 300);
      },
    );
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    expect(echoes.map(({ name }) => name)).toEqual(['empty', 'half a second', 'never played']);
    expect(echoes[1]!.atMs - echoes[0]!.atMs).toBeGreaterThan(450);
    expect(echoes[2]!.atMs - echoes[1]!.atMs).toBeLessThan(1_500);
    expect(report).toMatchObject({ clears: 1, marksEchoed: 3, warnings: [] });
    expect(report.agentSaid.join(' ')).not.toContain('ten');
  });

  it('warns once of each kind of message that the carrier does not know', async () => {
    const parley = await streaming((stream) => {
      stream.socket.send(Buffer.from([1, 2, 3]));
      stream.socket.send('not json');
      stream.send({ event: 'media', media: { payload: 'AAAA', track: 'outbound' } });
      stream.send({ event: 'hello' });
      stream.send({ event: 'mark', mark: { name: 'still there' } });
      setTimeout(() => stream.socket.close(1000), 100);
    });
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    expect(report.warnings.map(({ code }) => code)).toEqual([31_950, 31_951]);
    expect(report.marksEchoed).toBe(1);
  });

  it('goes on with the instructions when the media socket breaks or is refused', async () => {
    const broken = await streaming((stream) => stream.socket.terminate());
    const refused = await server({
      answer: (request, url) =>
        request.path === '/voice'
          ? connectTwiml(url).replace('/media"', '/media?x=1"')
          : '<Response><Pause length="0"/><Reject/></Response>',
    });
    const { twilio } = await carrier();
    const reports = await Promise.all(
      [broken, refused].map(
        ({ url }) => twilio.placeCall({ scenario: scenario([]), to: '+1500', voiceUrl: `${url}/voice` }).done,
      ),
    );
    expect(reports[0]!.warnings.map(({ code }) => code)).toEqual([31_903]);
    expect(reports[1]!.warnings.map(({ code }) => code)).toEqual([31_920]);
    expect(reports[0]!.instructions.map(({ verb }) => verb)).toEqual(['connect', 'hangup']);
  });

  it('vanishes without a stop when the caller is cut off', async () => {
    const parley = await streaming();
    const { twilio } = await carrier();
    const call = twilio.placeCall({
      scenario: scenario([{ hangUp: 'abruptly', when: { afterMs: 200 } }]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
      statusUrl: `${parley.url}/status`,
    });
    await call.done;
    await until(() => parley.streams[0]!.closeCode !== undefined);
    expect(parley.streams[0]!.closeCode).toBe(1006);
    expect(parley.streams[0]!.messages.some(({ event }) => event === 'stop')).toBe(false);
    const status = parley.requests.find(({ path }) => path === '/status')!;
    expect(status.form).toMatchObject({
      CallSid: call.callSid,
      CallStatus: 'completed',
      SequenceNumber: '1',
    });
  });

  it('repeats and disorders status callbacks when the scenario says so', async () => {
    const parley = await server({ answer: () => '<Response><Pause length="0"/></Response>' });
    const { twilio } = await carrier();
    const statuses = async (statusCallbacks: 'twice' | 'disordered') => {
      parley.requests.length = 0;
      await twilio.placeCall({
        scenario: scenario([], { carrier: { statusCallbacks } }),
        to: '+1500',
        voiceUrl: `${parley.url}/voice`,
        statusUrl: `${parley.url}/status`,
      }).done;
      return parley.requests
        .filter(({ path }) => path === '/status')
        .map(({ form }) => `${form['SequenceNumber']} ${form['CallStatus']}`);
    };
    expect(await statuses('twice')).toEqual(['1 completed', '1 completed']);
    expect(await statuses('disordered')).toEqual(['1 completed', '0 in-progress']);
  });

  it('sends the voice webhook twice with one idempotency token, and says whether the answers agree', async () => {
    const parley = await server({ answer: () => HANG_UP });
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([], { carrier: { postsVoiceWebhookTwice: true } }),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    expect(parley.requests).toHaveLength(2);
    expect(new Set(parley.requests.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1);
    expect(report.webhooks[0]).toMatchObject({ status: 200, sameAnswerTwice: true });
  });

  it('speaks <Say>, dials, and tells the action how the dialling went', async () => {
    const parley = await server({
      answer: (request) =>
        request.path === '/voice'
          ? '<Response><Say>One moment.</Say><Dial action="/dialled" timeout="1"><Number>+1777</Number></Dial><Say>Unreachable.</Say></Response>'
          : '<Response><Redirect>/end</Redirect></Response>'.replace(
              request.path === '/end' ? '<Redirect>/end</Redirect>' : '\u0000',
              '<Hangup/>',
            ),
    });
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([], { dial: { result: 'no-answer', ringMs: 5_000 } }),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    expect(report.agentSaid).toEqual(['One moment.']);
    expect(report.instructions.map(({ verb }) => verb)).toEqual(['say', 'dial', 'redirect', 'hangup']);
    expect(parley.requests[1]!.form).toMatchObject({ DialCallStatus: 'no-answer', DialBridged: 'false' });
  });

  it('asks the fallback when the webhook fails, and apologises when that fails too', async () => {
    const parley = await server({ answer: () => ({ status: 500 }) });
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
      fallbackUrl: `${parley.url}/fallback`,
    }).done;
    expect(parley.requests[1]).toMatchObject({
      path: '/fallback',
      form: { ErrorCode: '11200', ErrorUrl: `${parley.url}/voice` },
    });
    expect(report.warnings.map(({ code }) => code)).toEqual([11_200, 11_200]);
    expect(report.agentSaid.join(' ')).toContain('application error');
  });

  it('cuts in on the agent, measures when it fell silent, and records both sides', async () => {
    const speech = await synthesise(
      'We have many services. Let me read all of them to you, one after the other.',
      { voice: 'agent' },
    );
    const folder = await mkdtemp(join(tmpdir(), 'simulated-call-'));
    const recordTo = join(folder, 'call.wav');
    let clearAfter = Infinity;
    const parley = await streaming(
      (stream) => stream.play(speech.mulaw),
      (message, stream) => {
        if (message.event !== 'media' || stream.messages.length < 10) return;
        const frame = Buffer.from((message['media'] as { payload: string }).payload, 'base64');
        if (levelOf(frame) > 500 && clearAfter === Infinity) clearAfter = stream.messages.length + 15;
        if (stream.messages.length === clearAfter) stream.send({ event: 'clear' });
      },
    );
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([
        { say: 'Stop, please.', when: { intoAgentSpeechMs: 1_000 } },
        { hangUp: 'politely', when: { afterMs: 300 } },
      ]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
      recordTo,
    }).done;
    const [interruption] = report.interruptions;
    expect(interruption!.clearedAfterMs).toBeGreaterThan(200);
    expect(interruption!.silentAfterMs).toBeGreaterThan(200);
    expect(interruption!.silentAfterMs).toBeLessThan(2_000);
    expect(report.greetingMs).toBeGreaterThanOrEqual(0);
    const wav = await readFile(recordTo);
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt16LE(22)).toBe(2);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    expect((wav.length - 44) / 32).toBe(report.durationMs);
  });

  it('waits for the words the script names, and knows what the agent said', async () => {
    const question = await synthesise('May I have your name?', { voice: 'agent' });
    const filler = await synthesise('One moment, please.', { voice: 'agent' });
    const parley = await streaming((stream) => {
      stream.play(filler.mulaw);
      // Odd lengths: what is played need not begin with a frame.
      stream.play(new Uint8Array(8_037).fill(0xff));
      stream.play(question.mulaw);
    });
    const { twilio } = await carrier();
    const report = await twilio.placeCall({
      scenario: scenario([
        { say: 'Ada.', when: { afterAgentSays: 'your name' } },
        { hangUp: 'politely', when: { afterMs: 100 } },
      ]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    expect(report.agentSaid).toEqual(['One moment, please.', 'May I have your name?']);
    expect(report.turns.map(({ said }) => said)).toEqual(['Ada.']);
    expect(report.missedCues).toEqual([]);
  });

  it('stops sending for a while when the scenario says so, and lets the timestamps jump', async () => {
    const parley = await streaming();
    const { twilio } = await carrier();
    await twilio.placeCall({
      scenario: scenario([{ hangUp: 'politely', when: { afterMs: 600 } }], {
        carrier: { mediaGap: { afterMs: 200, durationMs: 160 } },
      }),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    const media = parley.streams[0]!.messages.filter(({ event }) => event === 'media');
    const timestamps = media.map((message) => Number((message['media'] as { timestamp: string }).timestamp));
    const steps = timestamps.slice(1).map((timestamp, i) => timestamp - timestamps[i]!);
    expect(steps.filter((stepMs) => stepMs !== 20)).toEqual([180]);
    const chunks = media.map((message) => Number((message['media'] as { chunk: string }).chunk));
    expect(chunks).toEqual(chunks.map((_, i) => i + 1));
  });

  it('presses keys', async () => {
    const parley = await streaming();
    const { twilio } = await carrier();
    await twilio.placeCall({
      scenario: scenario([
        { press: '1*#', when: { afterMs: 100 } },
        { hangUp: 'politely', when: { afterMs: 100 } },
      ]),
      to: '+1500',
      voiceUrl: `${parley.url}/voice`,
    }).done;
    const digits = parley.streams[0]!.messages.filter(({ event }) => event === 'dtmf').map(
      ({ dtmf }) => dtmf,
    );
    expect(digits).toEqual(['1', '*', '#'].map((digit) => ({ track: 'inbound_track', digit })));
  });
});

describe.concurrent('the REST interface', () => {
  const basic = `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`;
  const request = (url: string, path: string, form?: Record<string, string>, authorization = basic) =>
    fetch(`${url}/2010-04-01/Accounts/${ACCOUNT_SID}/${path}.json`, {
      headers: { authorization },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });

  it('requires the account and its token', async () => {
    const { twilio } = await carrier();
    const answer = await request(twilio.url, 'IncomingPhoneNumbers', undefined, 'Basic bm86');
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 20_003, status: 401 });
  });

  it('lets a live call be ended and sent elsewhere', async () => {
    const parley = await streaming();
    const { twilio } = await carrier();
    const place = () =>
      twilio.placeCall({ scenario: scenario([]), to: '+1500', voiceUrl: `${parley.url}/voice` });
    const [ended, redirected] = [place(), place()];
    await until(
      () => parley.streams.length === 2 && parley.streams.every(({ messages }) => messages.length > 2),
    );
    const twiml = '<Response><Say>Transferred.</Say></Response>';
    const answers = await Promise.all([
      request(twilio.url, `Calls/${ended.callSid}`, { Status: 'completed' }),
      request(twilio.url, `Calls/${redirected.callSid}`, { Twiml: twiml }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await ended.done).endedBy).toBe('request');
    expect((await redirected.done).agentSaid).toEqual(['Transferred.']);
    for (const { messages } of parley.streams) expect(messages.at(-1)!.event).toBe('stop');
    const late = await request(twilio.url, `Calls/${ended.callSid}`, { Status: 'completed' });
    expect(await late.json()).toMatchObject({ code: 21_220, status: 400 });
    const shown = await request(twilio.url, `Calls/${ended.callSid}`);
    expect(await shown.json()).toMatchObject({
      sid: ended.callSid,
      status: 'completed',
      direction: 'inbound',
    });
  });

  it('calls out, and somebody answers', async () => {
    const parley = await streaming((stream) => setTimeout(() => stream.socket.close(1000), 200));
    const { twilio } = await carrier();
    const answer = await request(twilio.url, 'Calls', {
      To: '+14155550177',
      From: '+15005550100',
      Url: `${parley.url}/voice`,
      StatusCallback: `${parley.url}/status`,
    });
    expect(answer.status).toBe(201);
    const { sid } = (await answer.json()) as { sid: string };
    await twilio.findCall(sid)!.done;
    const statuses = parley.requests
      .filter(({ path }) => path === '/status')
      .map(({ form }) => form['CallStatus']);
    expect(new Set(statuses)).toEqual(new Set(['initiated', 'ringing', 'in-progress', 'completed']));
    expect(parley.requests.find(({ path }) => path === '/voice')!.form).toMatchObject({
      Direction: 'outbound-api',
    });
  });

  it('keeps the numbers of the account, and rings the address they were given', async () => {
    const parley = await server({ answer: () => HANG_UP });
    const { twilio } = await carrier();
    const bought = await request(twilio.url, 'IncomingPhoneNumbers', { PhoneNumber: '+15005550100' });
    const { sid } = (await bought.json()) as { sid: string };
    await request(twilio.url, `IncomingPhoneNumbers/${sid}`, { VoiceUrl: `${parley.url}/voice` });
    await twilio.placeCall({ scenario: scenario([]), to: '+15005550100' }).done;
    expect(parley.requests).toHaveLength(1);
    expect(() => twilio.placeCall({ scenario: scenario([]), to: '+1999' })).toThrow(/voice URL/);
  });

  it('takes messages', async () => {
    const { twilio } = await carrier();
    const sent = await request(twilio.url, 'Messages', { To: '+1', From: '+2', Body: 'Booked.' });
    expect(sent.status).toBe(201);
    expect(twilio.messages).toMatchObject([{ to: '+1', from: '+2', body: 'Booked.' }]);
  });
});
