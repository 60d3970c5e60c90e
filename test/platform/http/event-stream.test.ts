import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { EventStream, type EventStreamOptions } from '../../../src/platform/http/event-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';

async function readAll(stream: EventStream): Promise<string> {
  let all = '';
  for await (const chunk of stream.readable) all += String(chunk);
  return all;
}

function aStream(clock: FakeClock, options: Partial<EventStreamOptions> = {}): EventStream {
  return new EventStream({ clock, maxWaitingCharacters: 1_000_000, ...options });
}

describe('an event stream', () => {
  it('hands on events in order, those sent before anybody read included, and ends', async () => {
    const clock = new FakeClock();
    const stream = aStream(clock);
    stream.send({ event: 'update', data: { text: 'one\ntwo' } });
    const all = readAll(stream);
    stream.send({ event: 'done', data: {} });
    stream.end();
    expect(await all).toBe('event: update\ndata: {"text":"one\\ntwo"}\n\nevent: done\ndata: {}\n\n');
    expect(stream.signal.aborted).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps a silent line alive with comments', async () => {
    const clock = new FakeClock();
    const stream = aStream(clock);
    const all = readAll(stream);
    clock.advance(46_000);
    stream.end();
    expect((await all).match(/^: still here$/gm)).toHaveLength(3);
  });

  it('aborts the producer when the client disconnects', async () => {
    const clock = new FakeClock();
    const stream = aStream(clock);
    stream.readable.destroy();
    await once(stream.readable, 'close');
    expect(stream.signal.aborted).toBe(true);
    stream.send({ event: 'update', data: {} });
    expect(clock.pendingTimers).toBe(0);
  });

  it('drops a client that does not read, instead of buffering without bound', () => {
    const stream = aStream(new FakeClock());
    stream.readable.on('error', () => undefined);
    for (let sent = 0; sent < 1_100; sent += 1) stream.send({ event: 'update', data: 'x'.repeat(1_000) });
    expect(stream.readable.destroyed).toBe(true);
    expect(stream.signal.aborted).toBe(true);
  });

  it('sends a notice to a slow client before the end, and closes the connection of one that does not read it', async () => {
    const clock = new FakeClock();
    const options = { maxWaitingCharacters: 100, tooSlow: { event: 'end', data: 'too slow' } };
    const late = aStream(clock, options);
    const stuck = aStream(clock, { ...options, farewellMs: 2_000 });
    for (const stream of [late, stuck]) {
      for (let sent = 0; sent < 50; sent += 1) stream.send({ event: 'update', data: sent });
      expect([stream.signal.aborted, stream.signal.reason]).toEqual([true, 'too-slow']);
    }
    const text = await readAll(late);
    expect(text).toMatch(/event: end\ndata: "too slow"\n\n$/);
    expect(text.length).toBeLessThan(200);
    expect(stuck.readable.destroyed).toBe(false);
    clock.advance(2_000);
    expect(stuck.readable.destroyed).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('names its events, and tells how soon to come back', async () => {
    const stream = aStream(new FakeClock(), { retryMs: 1_000 });
    stream.send({ id: '7', event: 'update', data: null });
    stream.dismiss({ event: 'end', data: {} });
    stream.send({ event: 'update', data: 'too late' });
    expect(await readAll(stream)).toBe(
      'retry: 1000\n\nid: 7\nevent: update\ndata: null\n\nevent: end\ndata: {}\n\n',
    );
  });
});
