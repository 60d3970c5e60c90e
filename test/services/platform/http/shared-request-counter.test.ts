import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { SharedRequestCounter } from '../../../../src/platform/http/shared-request-counter.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { requireService } from '../../../support/services.ts';

const logger = pino({ level: 'silent' });

function aCounter(prefix: string, redisUrl = requireService('REDIS_URL')) {
  return new SharedRequestCounter({ redisUrl, clock: new FakeClock(), windowMs, logger, prefix });
}

const windowMs = 300;

/** Before the connection is there each counts alone, by a clock that stands still: nothing of the window is gone. */
async function ready(counter: SharedRequestCounter): Promise<SharedRequestCounter> {
  await expect.poll(async () => (await counter.count('warm-up')).resetMs).toBeLessThan(windowMs);
  return counter;
}

describe('requests counted in Redis', () => {
  it('are counted together by every process, and anew when the window is over', async () => {
    const prefix = `test:${randomUUID()}:`;
    await using one = await ready(aCounter(prefix));
    await using two = await ready(aCounter(prefix));
    const [first, second] = [await one.count('key'), await two.count('key')];
    expect([first.count, second.count]).toEqual([1, 2]);
    expect(second.resetMs).toBeLessThanOrEqual(windowMs);
    await expect.poll(async () => (await one.count('key')).count).toBe(1);
  });

  it('are counted by each process alone while Redis is away', async () => {
    await using counter = aCounter('test:', 'redis://127.0.0.1:1');
    expect(await counter.count('key')).toEqual({ count: 1, resetMs: windowMs });
    expect(await counter.count('key')).toEqual({ count: 2, resetMs: windowMs });
  });
});
