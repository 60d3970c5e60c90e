import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createOperatorKey } from '../../../../src/business/identity/api-keys/api-key-service.ts';
import { listUsage } from '../../../../src/business/identity/api-keys/api-key-usage.ts';
import { UsageMeter } from '../../../../src/business/identity/api-keys/usage-meter.ts';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import type { Tenancy } from '../../../../src/business/tenancy/tenancy.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();
const logger = pino({ level: 'silent' });

async function aMeter() {
  const tenantId = await aTenant(at.db);
  const actor = systemActor(tenantId, 'test');
  const { id: apiKeyId } = await at.tenancy.run(actor, (tx) =>
    createOperatorKey(tx, actor, { name: 'Shop' }),
  );
  const clock = new FakeClock(new Date('2026-03-02T23:59:00Z'));
  let isDown = false;
  const tenancy: Tenancy = {
    run: (of, work) => at.tenancy.run(of, work),
    system: (work) => (isDown ? Promise.reject(new Error('away')) : at.tenancy.system(work)),
  };
  const meter = new UsageMeter({ tenancy, clock, logger });
  const count = (endpoint: string, status = 200, durationMs = 10): void =>
    meter.count({ tenantId, apiKeyId, endpoint, status, durationMs });
  const read = async () => {
    const page = { limit: 100, since: '2026-03-01', until: '2026-03-03' };
    const usage = await at.tenancy.run(actor, (tx) => listUsage(tx, apiKeyId, page, clock.date()));
    return usage.data;
  };
  return { clock, meter, count, read, setDown: (down: boolean) => (isDown = down) };
}

describe('the usage of a key', () => {
  it('is written down by day and endpoint, adding to what is there', async () => {
    const { clock, meter, count, read } = await aMeter();
    count('GET /v1/calls');
    count('GET /v1/calls', 404, 20);
    await meter.flush();
    count('GET /v1/calls', 200, 30);
    clock.advance(60_000);
    count('GET /v1/calls');
    count('POST /v1/tickets', 500);
    await meter.flush();
    expect(await read()).toMatchObject([
      { day: '2026-03-03', endpoint: 'GET /v1/calls', requests: 1, errors: 0 },
      { day: '2026-03-03', endpoint: 'POST /v1/tickets', requests: 1, errors: 1 },
      { day: '2026-03-02', endpoint: 'GET /v1/calls', requests: 3, errors: 1, p50Ms: 16.5, p95Ms: 28.5 },
    ]);
  });

  it('is written by itself after five seconds, once for all that came meanwhile', async () => {
    const { clock, meter, count, read } = await aMeter();
    for (let request = 0; request < 50; request += 1) count('GET /v1/calls');
    clock.advance(5_000);
    await expect.poll(read).toMatchObject([{ requests: 50 }]);
    await meter[Symbol.asyncDispose]();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not lost while the database is away', async () => {
    const { meter, count, read, setDown } = await aMeter();
    count('GET /v1/calls');
    setDown(true);
    await meter.flush();
    count('GET /v1/calls');
    setDown(false);
    await meter[Symbol.asyncDispose]();
    expect(await read()).toMatchObject([{ requests: 2 }]);
  });
});
