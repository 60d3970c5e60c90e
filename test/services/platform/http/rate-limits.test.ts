import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { RateLimits } from '../../../../src/platform/http/rate-limits.ts';
import { requireService } from '../../../support/services.ts';

const logger = pino({ level: 'silent' });
const limit = { name: 'test', max: 2, windowSeconds: 1 };

function someLimits(prefix: string, redisUrl = requireService('REDIS_URL')): RateLimits {
  return new RateLimits({ redisUrl, logger, prefix });
}

/** Before the connection is there each counts alone: once the other's count shows, both count in Redis. */
async function countTogether(one: RateLimits, two: RateLimits): Promise<void> {
  await expect
    .poll(async () => {
      const key = randomUUID();
      await one.count(limit, key);
      return (await two.count(limit, key)).consumedPoints;
    })
    .toBe(2);
}

describe('requests counted in Redis', () => {
  it('are counted together by every process, and anew when the window is over', async () => {
    const prefix = `test:${randomUUID()}:`;
    await using one = someLimits(prefix);
    await using two = someLimits(prefix);
    await countTogether(one, two);
    const counts = [];
    for (const limits of [one, two, one]) counts.push(await limits.count(limit, 'key'));
    expect(counts.map(({ consumedPoints }) => consumedPoints)).toEqual([1, 2, 3]);
    for (const { msBeforeNext } of counts) {
      expect(msBeforeNext).toBeGreaterThan(0);
      expect(msBeforeNext).toBeLessThanOrEqual(1_000);
    }
    await expect
      .poll(async () => (await one.count(limit, 'key')).consumedPoints, { timeout: 5_000, interval: 100 })
      .toBe(1);
  });

  it('are counted by each process alone while Redis is away, which is logged once', async () => {
    const warnings: unknown[] = [];
    await using limits = new RateLimits({
      redisUrl: 'redis://127.0.0.1:1',
      logger: { warn: (fields: unknown) => void warnings.push(fields) },
    });
    for (const count of [1, 2, 3]) {
      expect((await limits.count(limit, 'key')).consumedPoints).toBe(count);
    }
    await expect.poll(() => warnings.length).toBe(1);
  });
});
