import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { MediaStreamEvent } from '../../../src/call/transport/media-stream.ts';
import type { CallSid } from '../../../src/business/tenancy/ids/ids.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { until } from '../../support/until.ts';
import { CarrierHarness, callSid, streamSid } from './carrier-harness.ts';

async function closeCode(socket: { once: (event: 'close', listener: (code: number) => void) => unknown }) {
  return await new Promise<number>((resolve) => {
    socket.once('close', resolve);
  });
}

describe('the upgrade of a media stream', () => {
  it('[F12] is accepted when Twilio signed it', async () => {
    await using harness = await CarrierHarness.start();
    expect(await harness.answerTo({})).toBe(101);
    expect(await harness.answerTo({ path: '/media/twilio/' })).toBe(101);
  });

  it('[F12] is refused with 403 when it is not signed, or by somebody else', async () => {
    await using harness = await CarrierHarness.start();
    expect(await harness.answerTo({ signature: undefined })).toBe(403);
    expect(await harness.answerTo({ signature: 'jFDHVhI8XO69C49uXR3xmdZPylY=' })).toBe(403);
    expect(harness.media.counters.upgradesRefused).toBe(2);
    expect(harness.media.openSockets).toBe(0);
  });

  it('gets 404 on another path', async () => {
    await using harness = await CarrierHarness.start();
    expect(await harness.answerTo({ path: '/media/other' })).toBe(404);
  });

  it('[F23] never agrees to compression', async () => {
    await using harness = await CarrierHarness.start();
    expect((await harness.openSocket()).extensions).toBe('');
  });

  it('[F24] is refused with 429 while too many sockets of one address are waiting to start', async () => {
    await using harness = await CarrierHarness.start({ maxHalfOpenPerAddress: 2 });
    const first = await harness.openSocket();
    await harness.openSocket();
    expect(await harness.answerTo({})).toBe(429);
    first.close();
    await until(() => harness.media.openSockets === 1);
    await harness.openStream();
    expect(await harness.answerTo({})).toBe(101);
  });

  it('gets 503 once the server is closing', async () => {
    await using harness = await CarrierHarness.start();
    await harness.media.close();
    expect(await harness.answerTo({})).toBe(503);
  });

  it('survives an upgrade that is no WebSocket', async () => {
    await using harness = await CarrierHarness.start();
    const socket = connect(harness.port, '127.0.0.1');
    socket.end('GET /media/twilio HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: junk\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /);
    expect(await harness.answerTo({})).toBe(101);
  });
});

describe('the start of a media stream', () => {
  it('hands over a stream when signature, token and call agree', async () => {
    await using harness = await CarrierHarness.start();
    const { stream } = await harness.openStream();
    expect(stream).toMatchObject({ callSid, streamSid });
    expect(harness.media.counters).toMatchObject({ streamsAccepted: 1, streamsRefused: 0 });
  });

  it('[F24] must come within 5 s', async () => {
    const clock = new FakeClock();
    await using harness = await CarrierHarness.start({ clock });
    const socket = await harness.openSocket();
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    await until(() => harness.media.openSockets === 1);
    clock.advance(4_999);
    expect(harness.media.counters.streamsRefused).toBe(0);
    clock.advance(1);
    expect(await closeCode(socket)).toBe(1008);
    await until(() => harness.media.openSockets === 0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[F13] is refused with a token that was used before', async () => {
    await using harness = await CarrierHarness.start();
    const token = harness.tokens.issue(callSid);
    const first = await harness.openSocket();
    first.send(harness.startMessage(token));
    await until(() => harness.streams.length === 1);
    const second = await harness.openSocket();
    second.send(harness.startMessage(token));
    expect(await closeCode(second)).toBe(1008);
    expect(harness.streams).toHaveLength(1);
  });

  it.each([
    ['without a token', (harness: CarrierHarness) => harness.startMessage('')],
    ['with a forged token', (harness: CarrierHarness) => harness.startMessage('a.b.c.d')],
    [
      'with the token of another call',
      (harness: CarrierHarness) =>
        harness.startMessage(harness.tokens.issue('CA00000000000000000000000000000002' as CallSid)),
    ],
    [
      'in another encoding',
      (harness: CarrierHarness) =>
        harness.startMessage(harness.tokens.issue(callSid), {
          mediaFormat: { encoding: 'audio/x-l16', sampleRate: 16000, channels: 1 },
        }),
    ],
  ])('[F13] is refused %s', async (_name, start) => {
    await using harness = await CarrierHarness.start();
    const socket = await harness.openSocket();
    socket.send(start(harness));
    expect(await closeCode(socket)).toBe(1008);
    expect(harness.streams).toEqual([]);
    expect(harness.media.counters.streamsRefused).toBe(1);
  });

  it('ignores audio that comes before it', async () => {
    await using harness = await CarrierHarness.start();
    const socket = await harness.openSocket();
    socket.send(JSON.stringify({ event: 'media', streamSid, media: { track: 'inbound', payload: '////' } }));
    socket.send(harness.startMessage(harness.tokens.issue(callSid)));
    await until(() => harness.streams.length === 1);
    const events: MediaStreamEvent[] = [];
    harness.streams[0]!.listen((event) => events.push(event));
    socket.close();
    await until(() => events.length > 0);
    expect(events).toMatchObject([{ type: 'closed' }]);
  });
});

describe('an open media stream', () => {
  it('[F22] ends with 1008 at the twentieth malformed frame within 10 s', async () => {
    await using harness = await CarrierHarness.start();
    const { socket } = await harness.openStream();
    for (let count = 0; count < 19; count += 1) socket.send('junk');
    socket.send(JSON.stringify({ event: 'mark', mark: { name: 'fine' }, streamSid }));
    await until(() => harness.media.counters.malformedFrames === 19);
    expect(socket.readyState).toBe(socket.OPEN);
    socket.send('junk');
    expect(await closeCode(socket)).toBe(1008);
  });

  it('[F22] ends with 1003 when the frames were binary', async () => {
    await using harness = await CarrierHarness.start();
    const { socket } = await harness.openStream();
    for (let count = 0; count < 20; count += 1) socket.send(Buffer.alloc(160));
    expect(await closeCode(socket)).toBe(1003);
  });

  it('[F22] bears malformed frames that come slowly', async () => {
    const clock = new FakeClock();
    await using harness = await CarrierHarness.start({ clock });
    const { socket } = await harness.openStream();
    for (let count = 1; count <= 60; count += 1) {
      socket.send('junk');
      await until(() => harness.media.counters.malformedFrames === count);
      clock.advance(600);
    }
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it('[F23] ends with 1009 at a frame of more than 64 KiB', async () => {
    await using harness = await CarrierHarness.start();
    const { socket, stream } = await harness.openStream();
    const events: MediaStreamEvent[] = [];
    stream.listen((event) => events.push(event));
    socket.send('x'.repeat(64 * 1024 + 1));
    expect(await closeCode(socket)).toBe(1009);
    await until(() => events.length > 0);
    expect(events).toMatchObject([{ type: 'closed', wasExpected: false }]);
  });

  it('[F23] ends at a bomb of tiny fragments', async () => {
    await using harness = await CarrierHarness.start();
    const { socket } = await harness.openStream();
    const closed = closeCode(socket);
    for (let count = 0; count < 20_000; count += 1) socket.send('x', { fin: false });
    expect(await closed).toBeGreaterThan(1000);
    await until(() => harness.media.openSockets === 0);
  });

  it('[L15] leaves no socket and no timer behind, even when the peer never answers the close', async () => {
    const clock = new FakeClock();
    await using harness = await CarrierHarness.start({ clock });
    const { socket, stream } = await harness.openStream();
    const events: MediaStreamEvent[] = [];
    stream.listen((event) => events.push(event));
    socket.pause();
    stream.close();
    clock.advance(1_000);
    await until(() => harness.media.openSockets === 0);
    expect(events).toMatchObject([{ type: 'closed', wasExpected: true }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[F20] reports what a carrier that reads slowly has not taken', async () => {
    await using harness = await CarrierHarness.start();
    const { socket, stream } = await harness.openStream();
    socket.pause();
    for (let count = 0; count < 400; count += 1) stream.sendAudio(Buffer.alloc(16_000));
    expect(stream.bufferedBytes).toBeGreaterThan(100_000);
    socket.resume();
    await until(() => stream.bufferedBytes === 0);
  });

  it('tells its streams when the server closes', async () => {
    await using harness = await CarrierHarness.start();
    const { socket } = await harness.openStream();
    const closed = closeCode(socket);
    await harness.media.close();
    expect(await closed).toBe(1001);
  });
});
