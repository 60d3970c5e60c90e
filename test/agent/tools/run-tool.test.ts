import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listOrders } from '../../../src/business/desk/orders/orders.ts';
import { findOrCreateCustomerByPhone } from '../../../src/business/customers/customers.ts';
import type { Tenancy } from '../../../src/business/tenancy/tenancy.ts';
import { runInTenant } from '../../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../../src/platform/data/ids.ts';
import { aPhone, aProduct, aTenant, useDatabase } from '../../business/a-business.ts';
import { agentConfig, toolOf } from '../agent-fixture.ts';
import { callOf } from './tool-fixture.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

/** Work that ends when the test says so, in a transaction of nothing. */
function gated(effect: 'read' | 'write', options: { deadlineMs?: number } = {}) {
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const tool = toolOf({
    name: 'slow_tool',
    effect,
    schema: z.object({ what: z.string().optional() }),
    ...options,
    async run() {
      runs += 1;
      await gate.promise;
      return { result: { done: true } };
    },
  });
  return { tool, finish: gate.resolve, fail: gate.reject, runs: () => runs };
}

const at = useDatabase();
let tenantId: TenantId;
let callerPhone: string;

beforeEach(async () => {
  tenantId = await aTenant(at.db);
  callerPhone = aPhone();
  const product = { description: '', priceMinor: 100, currency: 'USD', active: true };
  await aProduct(at.tenancy, tenantId, { ...product, slug: 'bell', name: 'Bell' });
});

const order = { items: [{ product: 'bell', quantity: 1 }] };

async function orders(): Promise<number> {
  const customer = await testTenancy(at.db).run({ tenantId }, (tx) =>
    findOrCreateCustomerByPhone(tx, { phone: callerPhone }),
  );
  const placed = await at.tenancy.run({ tenantId }, (tx) =>
    listOrders(tx, { customerId: customer.id, limit: 50 }),
  );
  return placed.data.length;
}

async function ledgerRows(): Promise<number> {
  const rows = await runInTenant(at.db, tenantId, (db) =>
    db.selectFrom('toolLedger').selectAll().where('tenantId', '=', tenantId).execute(),
  );
  return rows.length;
}

/** Enough turns of the event loop for real database work to come back. */
async function settled(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await pause(2);
}

const call = (options: Partial<Parameters<typeof callOf>[0]> = {}) =>
  callOf({ tenancy: at.tenancy, tenantId, callerPhone, ...options });

describe('[F28] a tool that takes its time', () => {
  it('speaks its waiting line after one second and times out after five', async () => {
    const { tool, finish } = gated('read');
    const agent = agentConfig({ toolSettings: { slow_tool: { waitingLine: 'Let me look that up.' } } });
    const { clock, run, slow, late } = call({ tools: [tool], agent });
    const running = run('slow_tool', {});
    clock.advance(999);
    expect(slow).toEqual([]);
    clock.advance(1);
    expect(slow).toEqual(['Let me look that up.']);
    clock.advance(4_000);
    expect(await running).toMatchObject({
      status: 'timeout',
      result: { note: expect.stringContaining('take a message') },
    });
    expect(clock.pendingTimers).toBe(0);
    finish();
    await settled(() => late.length > 0);
    expect(late).toEqual([{ status: 'ok', result: { done: true } }]);
  });

  it('goes by its own deadline where it has one', async () => {
    const { tool, finish } = gated('read', { deadlineMs: 200 });
    const { clock, run } = call({ tools: [tool] });
    const running = run('slow_tool', {});
    clock.advance(200);
    expect((await running).status).toBe('timeout');
    finish();
  });

  it('lets a write finish after its deadline, and reports its late result once', async () => {
    const { tool, finish } = gated('write');
    const { clock, run, late } = call({ tools: [tool] });
    const running = run('slow_tool', {});
    clock.advance(5_000);
    expect(await running).toMatchObject({
      status: 'timeout',
      result: { note: expect.stringContaining('do not start') },
    });
    finish();
    await settled(() => late.length > 0);
    expect(late).toEqual([{ status: 'ok', result: { done: true } }]);
    expect(await ledgerRows()).toBe(1);
  });

  it('joins a write that is still running instead of starting it again', async () => {
    const { tool, finish, runs } = gated('write');
    const { clock, run, late } = call({ tools: [tool] });
    const first = run('slow_tool', { what: 'x' });
    clock.advance(5_000);
    expect((await first).status).toBe('timeout');
    const second = run('slow_tool', { what: 'x' }, { turn: 2 });
    finish();
    expect(await second).toEqual({ status: 'ok', result: { done: true } });
    expect(runs()).toBe(1);
    expect(late).toEqual([]);
    expect(await ledgerRows()).toBe(1);
  });
});

describe('[F31] the caller hangs up or interrupts', () => {
  it('aborts a read at once and drops its result', async () => {
    const { tool, finish } = gated('read');
    const { clock, run, late } = call({ tools: [tool] });
    const hangUp = new AbortController();
    const running = run('slow_tool', {}, { signal: hangUp.signal });
    hangUp.abort('hang-up');
    expect(await running).toEqual({ status: 'cancelled', result: { status: 'cancelled' } });
    expect(clock.pendingTimers).toBe(0);
    finish();
    await pause(20);
    expect(late).toEqual([]);
  });

  it('lets a write finish and speaks no waiting line', async () => {
    const { tool, finish } = gated('write');
    const { clock, run, slow } = call({ tools: [tool] });
    const hangUp = new AbortController();
    const running = run('slow_tool', {}, { signal: hangUp.signal });
    hangUp.abort('hang-up');
    clock.advance(2_000);
    finish();
    expect((await running).status).toBe('ok');
    expect(slow).toEqual([]);
    expect(await ledgerRows()).toBe(1);
  });
});

const down: Pick<Tenancy, 'run'> = { run: () => Promise.reject(new Error('connect ECONNREFUSED')) };

describe('[F14] with the database down', () => {
  it('returns a note for the model and reports the error', async () => {
    const { run, errors } = call({ tenancy: down });
    expect(await run('find_order', {})).toMatchObject({
      status: 'failed',
      result: { note: expect.stringContaining('take a message') },
    });
    expect((await run('create_order', order)).status).toBe('failed');
    expect(errors).toHaveLength(2);
  });

  it('says that a message is on record with the conversation', async () => {
    const { run } = call({ tenancy: down });
    const taken = await run('take_message', { message: 'Call me.' });
    expect(taken.result).toMatchObject({ note: expect.stringContaining('on record') });
  });

  it('still ends and transfers calls', async () => {
    const { run } = call({ tenancy: down });
    expect((await run('end_call', {})).status).toBe('ok');
    expect((await run('transfer_call', { targetId: 'workshop' })).status).toBe('ok');
  });

  it('times out when the database does not answer', async () => {
    const { clock, run } = call({ tenancy: { run: () => Promise.withResolvers<never>().promise } });
    const running = run('find_order', {});
    clock.advance(5_000);
    expect((await running).status).toBe('timeout');
  });
});

describe('[F29] [L23] one effect per intention', () => {
  it('a write whose answer was lost after the commit is not repeated in a later turn', async () => {
    let losses = 1;
    const losing: Pick<Tenancy, 'run'> = {
      async run(of, work) {
        const result = await at.tenancy.run(of, work);
        if (losses > 0) {
          losses -= 1;
          throw new Error('Connection terminated unexpectedly');
        }
        return result;
      },
    };
    const { run } = call({ tenancy: losing });
    expect((await run('create_order', order)).status).toBe('failed');
    const again = await run('create_order', order, { turn: 2 });
    expect(again).toMatchObject({ status: 'ok', result: { order: { reference: 'O-1001' } } });
    expect(await orders()).toBe(1);
  });

  it('a second process gets the stored result for the same call and turn', async () => {
    const callId = newId('call');
    const first = await call({ callId }).run('create_order', order);
    const second = await call({ callId }).run('create_order', { ...order, note: null });
    expect(second).toEqual(first);
    expect(await orders()).toBe(1);
  });

  it('two concurrent equal writes have one effect', async () => {
    const callId = newId('call');
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => call({ callId }).run('create_order', order)),
    );
    for (const run of runs) expect(run).toEqual(runs[0]);
    expect(runs[0]?.status).toBe('ok');
    expect(await orders()).toBe(1);
    expect(await ledgerRows()).toBe(1);
  });

  it('an equal write right after the first one returns its result without a second effect', async () => {
    const { run, clock } = call();
    await run('create_order', order);
    const again = await run('create_order', order, { turn: 2 });
    expect(again).toMatchObject({
      status: 'ok',
      result: {
        order: { reference: 'O-1001' },
        note: expect.stringContaining('not been done a second time'),
      },
    });
    expect(await orders()).toBe(1);
    clock.advance(30_001);
    expect((await run('create_order', order, { turn: 3 })).result).toMatchObject({
      order: { reference: 'O-1002' },
    });
  });

  it('other arguments in the same turn are another write', async () => {
    const { run } = call();
    await run('create_order', order);
    await run('create_order', { items: [{ product: 'bell', quantity: 2 }] });
    expect(await orders()).toBe(2);
  });

  it('a refused write leaves no ledger entry and may be tried again', async () => {
    const { run } = call();
    const unknown = { items: [{ product: 'horn', quantity: 1 }] };
    expect((await run('create_order', unknown)).status).toBe('refused');
    expect(await ledgerRows()).toBe(0);
    const product = { description: '', priceMinor: 100, currency: 'USD', active: true };
    await aProduct(at.tenancy, tenantId, { ...product, slug: 'horn', name: 'Horn' });
    expect((await run('create_order', unknown)).status).toBe('ok');
  });

  it('the ledger of a tenant is invisible to others', async () => {
    await call().run('create_order', order);
    const other = await aTenant(at.db);
    const seen = await runInTenant(at.db, other, (db) => db.selectFrom('toolLedger').selectAll().execute());
    expect(seen).toEqual([]);
  });
});
