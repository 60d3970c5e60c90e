import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/business/record/calls/calls.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { STATUS_PATH, VOICE_PATH } from '../../src/vendors/twilio/webhooks.ts';
import { expectGoodCall, expectWholeRecord } from '../support/call-checks.ts';
import { eventsOf } from '../support/call-world.ts';
import { RawCarrier, type RawStream, tcpOf, tokenIn } from '../support/raw-carrier.ts';
import { playStories, STORY_TIMEOUT_MS } from '../support/stories.ts';
import { until as untilSoon } from '../support/until.ts';

/** Goes on while everything below happens to others. */
const bystander: Scenario = {
  name: 'bystander',
  description: 'Asks this and that for the better part of a minute.',
  caller: { phone: '+14155550172' },
  steps: [
    { say: 'Hello, which services do you offer, and what do they cost?' },
    { say: 'And how much is a tune-up, please?' },
    { say: 'When are you open on Saturday?' },
    { say: 'And do you sell helmets?' },
    { say: 'Thank you, that is all. Goodbye.' },
    { hangUp: 'politely', when: { afterMs: 12_000 } },
  ],
};

const hangsUpWhileRinging: Scenario = {
  name: 'hangs-up-while-ringing',
  description: 'Is put through, and hangs up while the other telephone still rings.',
  caller: { phone: '+14155550173' },
  dial: { result: 'no-answer', ringMs: 20_000 },
  steps: [
    { say: 'Hello, could I speak to a person in the workshop, please?' },
    { hangUp: 'politely', when: { afterMs: 6_000 } },
  ],
};

const { played, world } = playStories({
  bystander: { scenario: bystander },
  abrupt: { scenario: 'abrupt-hang-up' },
  whileRinging: { scenario: hangsUpWhileRinging },
  double: { scenario: 'double-webhook' },
  disordered: { scenario: 'disordered-status' },
  mediaGap: { scenario: 'media-gap' },
});

const RESUME_PATH = '/webhooks/twilio/resume';
/** On a machine that has other things to do. */
const until = (condition: () => boolean): Promise<void> => untilSoon(condition, 40_000);

const carrier = (): RawCarrier => new RawCarrier(world().config);
const recordsOf = ({ callSid }: RawCarrier): readonly CallRecord[] => world().recordsOf(callSid) ?? [];
const endOf = (call: RawCarrier): string | undefined => {
  const [ended] = eventsOf({ records: recordsOf(call) }, 'call-ended');
  return ended?.reason;
};
const rowsOf = async ({ callSid }: RawCarrier): Promise<number> => {
  const { rows } = await sql`select id from call where call_sid = ${callSid}`.execute(world().app.db);
  return rows.length;
};

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${world().app.address}/metrics`)).text();
  const values = text.split('\n').filter((line) => line.startsWith(name));
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** A call whose agent is saying its greeting. */
async function greeted(call = carrier()): Promise<{ call: RawCarrier; stream: RawStream; token: string }> {
  const token = await call.ring(world().number);
  const stream = await call.openStream(token);
  await until(() => stream.receivedAudioMs > 0);
  return { call, stream, token };
}

describe.concurrent('webhooks', () => {
  it(
    '[F12] without a good signature open nothing: no row, no record, no socket to a vendor',
    async () => {
      await played('abrupt');
      const call = carrier();
      const before = await metric('parley_webhooks_forged_total');
      for (const signature of ['', 'bm90IHRoZSBzaWduYXR1cmU=']) {
        const { status } = await call.post(VOICE_PATH, { To: world().number }, signature);
        expect(status).toBe(403);
      }
      expect(await metric('parley_webhooks_forged_total')).toBe(before + 2);
      expect(recordsOf(call)).toEqual([]);
      expect(await rowsOf(call)).toBe(0);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F12] that forge the end of a call do not end it',
    async () => {
      const { call, stream } = await greeted();
      const { status } = await call.post(STATUS_PATH, { CallStatus: 'completed' }, 'Zm9yZ2Vk');
      expect(status).toBe(403);
      await delay(200);
      expect(endOf(call)).toBeUndefined();
      stream.stop();
      await until(() => endOf(call) === 'caller-hung-up');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F11] [F13] that are repeated get the same answer, and make no second call',
    async () => {
      const call = carrier();
      const fields = { To: world().number, From: '+14155550174', CallStatus: 'ringing' };
      const answers = await Promise.all([1, 2, 3].map(() => call.post(VOICE_PATH, fields)));
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
      expect(eventsOf({ records: recordsOf(call) }, 'call-started')).toHaveLength(1);
      for (let time = 0; time < 3; time += 1) {
        expect((await call.post(STATUS_PATH, { CallStatus: 'completed' })).status).toBe(204);
      }
      await until(() => endOf(call) !== undefined);
      // Too late for anything.
      expect((await call.post(STATUS_PATH, { CallStatus: 'ringing' })).status).toBe(204);
      expect((await call.post(RESUME_PATH)).body).toContain('<Hangup/>');
      expect(eventsOf({ records: recordsOf(call) }, 'call-ended')).toHaveLength(1);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F11] [L21] that arrive twice at once make one call, with one agent in it',
    async () => {
      const call = await played('double');
      expectGoodCall(call);
      const voice = call.report.webhooks.find(({ url }) => url.endsWith(VOICE_PATH));
      expect(voice?.sameAnswerTwice).toBe(true);
      expect(call.report.streams).toBe(1);
      const greetings = call.call.transcript.filter(({ replyKind }) => replyKind === 'greeting');
      expect(greetings).toHaveLength(1);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F11] that tell of the end before the beginning change nothing',
    async () => {
      const call = await played('disordered');
      expectGoodCall(call);
      expect(call.call.endedReason).toBe('agent-said-goodbye');
      expect(eventsOf(call, 'call-ended')).toHaveLength(1);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'for a number that is not ours are told so in words',
    async () => {
      const { config, simulator } = world();
      const voiceUrl = config.publicUrl + VOICE_PATH;
      const report = await simulator.placeCall({ scenario: 'order', to: '+15005559999', voiceUrl });
      expect(report.agentSaid.join(' ')).toContain('not in service');
      expect(report.streams).toBe(0);
      expect(world().recordsOf(report.callSid)).toBeUndefined();
    },
    STORY_TIMEOUT_MS,
  );
});

describe.concurrent('media streams', () => {
  it(
    '[F12] are not opened without a good signature',
    async () => {
      const call = carrier();
      await call.ring(world().number);
      const socket = call.socket('Zm9yZ2Vk');
      const status = await new Promise((resolve) => {
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.once('open', () => resolve(101));
      });
      expect(status).toBe(403);
      expect(eventsOf({ records: recordsOf(call) }, 'stream-opened')).toEqual([]);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F13] are not opened with a token that was used, nor with that of another call, and whose it is talks on',
    async () => {
      const { call, stream, token } = await greeted();
      const replayed = await call.openStream(token);
      expect(await replayed.closed).toBe(1008);
      const other = carrier();
      const stolen = await carrier().openStream(await other.ring(world().number));
      expect(await stolen.closed).toBe(1008);
      expect(endOf(call)).toBeUndefined();
      expect(eventsOf({ records: recordsOf(call) }, 'stream-opened')).toHaveLength(1);
      stream.stop();
      await other.post(STATUS_PATH, { CallStatus: 'completed' });
      await until(() => endOf(call) !== undefined && endOf(other) !== undefined);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[L21] of a call that has one already take its place: one session, one agent',
    async () => {
      const { call, stream } = await greeted();
      const second = await call.openStream(tokenIn((await call.post(RESUME_PATH)).body));
      expect(await stream.closed).toBe(1000);
      await until(() => second.receivedAudioMs > 0);
      second.stop();
      await until(() => endOf(call) === 'caller-hung-up');
      const records = recordsOf(call);
      expect(eventsOf({ records }, 'stream-opened').map(({ generation }) => generation)).toEqual([1, 2]);
      const replies = eventsOf({ records }, 'reply-ended');
      expect(replies.filter(({ kind }) => kind === 'greeting')).toHaveLength(1);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F9] that break come back, and the call goes on',
    async () => {
      const { call, stream } = await greeted();
      stream.reset();
      const { body } = await call.post(RESUME_PATH);
      const second = await call.openStream(tokenIn(body));
      await until(() => second.receivedAudioMs > 0);
      expect(endOf(call)).toBeUndefined();
      second.stop();
      await until(() => endOf(call) === 'caller-hung-up');
      const kinds = eventsOf({ records: recordsOf(call) }, 'reply-ended').map(({ kind }) => kind);
      expect(kinds).toEqual(['greeting', 'repeat-request']);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F9] that break at any moment and do not come back end their calls, and leave none behind',
    async () => {
      const calls = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const call = carrier();
          const stream = await call.openStream(await call.ring(world().number));
          await delay(index * 130);
          stream.reset();
          return call;
        }),
      );
      await until(() => calls.every((call) => endOf(call) !== undefined));
      expect(new Set(calls.map(endOf))).toEqual(new Set(['transport-lost']));
      for (const call of calls) await world().readCall(recordsOf(call)[0]!.callId);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F10] that go quiet without a stop are ended, once the carrier knows nothing of the call',
    async () => {
      const { call, stream } = await greeted();
      stream.goQuiet();
      await until(() => endOf(call) !== undefined);
      expect(endOf(call)).toBe('transport-idle');
      expect(await stream.closed).toBe(1000);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F20] that are not read for ten seconds cost no memory, and are talked to again afterwards',
    async () => {
      const { call, stream } = await greeted();
      stream.stopReading();
      const before = process.memoryUsage();
      await delay(10_000);
      const after = process.memoryUsage();
      expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(
        64 << 20,
      );
      expect(endOf(call)).toBeUndefined();
      const heardMs = stream.receivedAudioMs;
      stream.readOn();
      await until(() => stream.receivedAudioMs > heardMs + 500);
      stream.stop();
      await until(() => endOf(call) === 'caller-hung-up');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F22] full of garbage are closed, and the call ends for itself alone',
    async () => {
      const { call, stream } = await greeted();
      const garbage = ['{', '[]', '{"event":"media"}', 'null', '{"event":"media","media":{"payload":7}}'];
      for (let index = 0; index < 40; index += 1) stream.socket.send(garbage[index % garbage.length]!);
      expect(await stream.closed).toBe(1008);
      await until(() => endOf(call) !== undefined);
      expect(endOf(call)).toBe('transport-lost');
      const binary = await greeted();
      for (let index = 0; index < 40; index += 1) binary.stream.socket.send(Buffer.from([1, 2, 3]));
      expect(await binary.stream.closed).toBe(1003);
      await until(() => endOf(binary.call) !== undefined);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F23] with frames too large, or a flood of tiny fragments, are closed',
    async () => {
      const large = await greeted();
      large.stream.socket.send(Buffer.alloc(2 << 20, 'x').toString());
      expect(await large.stream.closed).toBe(1009);
      const bomb = await greeted();
      const closed = bomb.stream.closed;
      for (let index = 0; index < 120_000 && bomb.stream.socket.readyState === WebSocket.OPEN; index += 1) {
        bomb.stream.socket.send('x', { fin: false });
        if (index % 2_000 === 0) await delay(0);
      }
      expect([1006, 1008, 1009]).toContain(await closed);
      await until(() => endOf(large.call) !== undefined && endOf(bomb.call) !== undefined);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F24] without a start, and requests that never end, are closed after their time',
    async () => {
      const idle = await Promise.all(Array.from({ length: 50 }, () => carrier().connect()));
      const { port } = new URL(world().app.address);
      const slow = Array.from({ length: 200 }, () => halfRequest(Number(port)));
      const closed = (sockets: readonly (WebSocket | Socket)[]): boolean =>
        sockets.every((socket) => (socket instanceof WebSocket ? tcpOf(socket) : socket).destroyed);
      await until(() => closed(idle));
      await until(() => closed(slow));
    },
    STORY_TIMEOUT_MS,
  );
});

describe.concurrent('hanging up', () => {
  it(
    '[F9] [F31] in the middle of a sentence, without a word, keeps what was heard until then',
    async () => {
      const call = await played('abrupt');
      expectWholeRecord(call);
      expect(['caller-hung-up', 'transport-lost']).toContain(call.call.endedReason);
      const last = call.call.transcript.at(-1);
      expect(last?.interrupted).toBe(true);
      expect(last!.generatedText!.startsWith(last!.text!)).toBe(true);
      expect(last!.text!.length).toBeLessThan(last!.generatedText!.length);
    },
    STORY_TIMEOUT_MS,
  );

  it(
    '[F31] while somebody else’s telephone rings ends the call, and nothing is left of it',
    async () => {
      const call = await played('whileRinging');
      expectWholeRecord(call);
      expect(eventsOf(call, 'transfer-started')).toHaveLength(1);
      expect(call.report.endedBy).toBe('caller');
    },
    STORY_TIMEOUT_MS,
  );
});

describe.concurrent('everybody else', () => {
  it(
    '[F22] [F23] [F24] talks on, undisturbed by what is done to other sockets',
    async () => {
      const call = await played('bystander');
      expectGoodCall(call);
      expect(call.call.interruptionCount).toBe(0);
      expect(call.call.faultCount).toBe(0);
      const turns = call.call.transcript.filter(({ kind }) => kind === 'caller');
      expect(turns.map(({ text }) => text)).toEqual(call.report.turns.map(({ said }) => said));
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'is understood across a gap in what arrives of them',
    async () => {
      const call = await played('mediaGap');
      expectGoodCall(call);
      const turns = call.call.transcript.filter(({ kind }) => kind === 'caller');
      expect(turns.map(({ text }) => text)).toEqual(call.report.turns.map(({ said }) => said));
    },
    STORY_TIMEOUT_MS,
  );
});

/** The beginning of a request, and then nothing. */
function halfRequest(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  // What is answered has to be read before the end of it is noticed.
  socket.resume();
  socket.write('POST /webhooks/twilio/voice HTTP/1.1\r\nHost: parley.test\r\nContent-Le');
  return socket;
}
