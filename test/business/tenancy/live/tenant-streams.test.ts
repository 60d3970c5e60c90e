import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TenantStreams } from '../../../../src/business/tenancy/live/live.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import type { StreamEvent } from '../../../../src/platform/http/event-stream.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { until } from '../../../support/until.ts';

function opened(limits: ConstructorParameters<typeof TenantStreams>[1]) {
  const clock = new FakeClock();
  const streams = new TenantStreams(clock, limits);
  const listeners = new Set<(event: StreamEvent) => void>();
  const { readable } = streams.open(newId('tnt'), (send) => {
    listeners.add(send);
    return () => listeners.delete(send);
  });
  const publish = () => {
    for (const send of listeners) send({ event: 'rung', data: { bell: 'front door', rungBy: 'a customer' } });
  };
  return { clock, streams, readable, publish, listeners };
}

describe('a listener to the stream of a tenant', () => {
  it('[F21] who does not read is dropped with a notice, and then cut off', async () => {
    const limits = { maxWaitingCharacters: 2_000, farewellMs: 5_000 };
    const [reading, stuck] = [opened(limits), opened(limits)];
    for (const { publish, streams, readable } of [reading, stuck]) {
      for (let count = 0; count < 100; count += 1) publish();
      expect([readable.destroyed, streams.size]).toEqual([false, 0]);
    }
    expect(reading.listeners.size + stuck.listeners.size).toBe(0);
    const told = await text(reading.readable);
    expect(told).toMatch(/event: end\ndata: {"reason":"too-slow"}\n\n$/);
    expect(told.length).toBeLessThan(3_000);
    for (const { clock, readable } of [reading, stuck]) {
      clock.advance(5_000);
      expect(readable.destroyed).toBe(true);
      expect(clock.pendingTimers).toBe(0);
    }
  });

  it('hears that the line is alive, and is asked to come back before a credential gets old', async () => {
    const { clock, readable, listeners } = opened({ heartbeatMs: 15_000, maxDurationMs: 60_000 });
    const told = text(readable);
    clock.advance(45_000);
    clock.advance(15_000);
    expect((await told).split(': still here').length - 1).toBe(3);
    expect(await told).toContain('{"reason":"come-back"}');
    await until(() => readable.destroyed);
    expect([clock.pendingTimers, listeners.size]).toEqual([0, 0]);
  });

  it('is told when the server stops', async () => {
    const { streams, readable } = opened({});
    streams.close();
    expect(await text(readable)).toContain('{"reason":"server-stopping"}');
  });
});
