import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { EventStream } from '../../src/chat/event-stream.ts';
import { FakeClock } from '../support/fake-clock.ts';

async function readAll(stream: EventStream): Promise<string> {
  let all = '';
  for await (const chunk of stream.readable) all += String(chunk);
  return all;
}

describe('an event stream', () => {
  it('hands on events in order, those sent before anybody read included, and ends', async () => {
    const clock = new FakeClock();
    const stream = new EventStream(clock);
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
    const stream = new EventStream(clock);
    const all = readAll(stream);
    clock.advance(46_000);
    stream.end();
    expect((await all).match(/^: still here$/gm)).toHaveLength(3);
  });

  it('tells the producer when the reader goes away', async () => {
    const clock = new FakeClock();
    const stream = new EventStream(clock);
    stream.readable.destroy();
    await once(stream.readable, 'close');
    expect(stream.signal.aborted).toBe(true);
    stream.send({ event: 'update', data: {} });
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives up a reader who takes nothing, instead of keeping everything', () => {
    const stream = new EventStream(new FakeClock());
    stream.readable.on('error', () => undefined);
    for (let sent = 0; sent < 1_100; sent += 1) stream.send({ event: 'update', data: 'x'.repeat(1_000) });
    expect(stream.readable.destroyed).toBe(true);
    expect(stream.signal.aborted).toBe(true);
  });
});
