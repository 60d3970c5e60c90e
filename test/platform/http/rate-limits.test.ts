import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHealth } from '../../../src/platform/http/health.ts';
import { buildHttp, type HttpServer } from '../../../src/platform/http/http.ts';
import { limitAddresses, RateLimits } from '../../../src/platform/http/rate-limits.ts';
import { Metrics } from '../../../src/platform/process/metrics.ts';

const logger = pino({ level: 'silent' });
const limit = { name: 'test', max: 2, windowSeconds: 60 };

describe('requests counted by one process', () => {
  afterEach(() => vi.useRealTimers());

  it('are counted for a window, and then anew', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await using limits = new RateLimits({ logger });
    const count = async (key: string) => {
      const { consumedPoints, msBeforeNext } = await limits.count(limit, key);
      return [consumedPoints, msBeforeNext];
    };
    expect(await count('a')).toEqual([1, 60_000]);
    vi.setSystemTime(Date.now() + 30_500);
    expect(await count('a')).toEqual([2, 29_500]);
    expect(await count('a')).toEqual([3, 29_500]);
    expect(await count('b')).toEqual([1, 60_000]);
    vi.setSystemTime(Date.now() + 29_500);
    expect(await count('a')).toEqual([1, 60_000]);
  });

  it('of more clients than there is memory for are forgotten, the oldest first', async () => {
    await using limits = new RateLimits({ logger });
    for (let key = 0; key < 50_001; key += 1) await limits.count(limit, String(key));
    expect((await limits.count(limit, '0')).consumedPoints).toBe(1);
    expect((await limits.count(limit, '50000')).consumedPoints).toBe(2);
  });
});

describe('a route with a rate limit', () => {
  let http: HttpServer;
  const limits = new RateLimits({ logger });

  beforeEach(async () => {
    const health = createHealth({ maxMs: () => 0 });
    http = await buildHttp({ logger, health, metrics: new Metrics() });
    limitAddresses(http, limits);
    http.addHook('onRequest', (_request, reply) =>
      limits.spend(reply, { name: 'all', max: 9, windowSeconds: 60 }, 'everybody', 'too many'),
    );
    http.get('/limited', { config: { rateLimit: limit } }, () => 'served');
    http.get('/free', () => 'served');
  });
  afterEach(() => http.close());

  it('says of each limit what is left, and refuses an address that has nothing left', async () => {
    const get = (url: string, remoteAddress: string) => http.inject({ url, remoteAddress });
    const { headers } = await get('/limited', '2001:db8::1');
    expect(headers['ratelimit-policy']).toBe('"test";q=2;w=60, "all";q=9;w=60');
    expect(headers['ratelimit']).toBe('"test";r=1;t=60, "all";r=8;t=60');
    // An IPv6 client chooses among the addresses of its network.
    expect((await get('/limited', '2001:db8::2')).statusCode).toBe(200);
    const refused = await get('/limited', '2001:db8::3');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect((await get('/limited', '2001:db8:0:1::3')).statusCode).toBe(200);
    expect((await get('/free', '2001:db8::3')).statusCode).toBe(200);
  });
});
