import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deleteIdempotencyKeysJob } from '../../../../src/business/tenancy/access/expired-keys.ts';
import { jobContext } from '../../../../src/jobs/job.ts';
import { systemClock } from '../../../../src/platform/process/clock.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { Conflict, TooManyRequests } from '../../../../src/platform/process/errors.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { buildRestApp, type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

let served = 0;
let release: (() => void) | undefined;
const failures: Record<string, () => Error> = {
  ours: () => new Error('a fault'),
  later: () => new TooManyRequests('Not now.', 1),
  theirs: () => new Conflict('The slot is taken.'),
};

const at = useRestApp({
  routes(http) {
    http.post(
      '/v1/_things',
      {
        config: { access: 'signed-in', idempotent: true },
        schema: {
          body: z.object({ name: z.string(), fail: z.string().optional(), wait: z.boolean().optional() }),
          response: { 201: z.any() },
        },
      },
      async (request, reply) => {
        served += 1;
        const { name, fail, wait } = request.body;
        if (wait === true) await new Promise<void>((resolve) => (release = resolve));
        if (fail !== undefined) throw failures[fail]!();
        return reply.code(201).send({ id: newId('thing'), name, secret: 'parley_live_shown-once' });
      },
    );
  },
});

let caller: MemberCaller;
beforeAll(async () => {
  caller = await at.app.signUp();
});

let keys = 0;
const aKey = (): string => `key-${(keys += 1)}`;

function post(key: string, payload: object, by: Caller = caller) {
  const headers = { ...by.headers, 'idempotency-key': key };
  return at.app.inject({ method: 'POST', url: '/v1/_things', headers, payload });
}

function change(key: string, set: object, { tenantId }: MemberCaller = caller) {
  return runInTenant(at.app.db, tenantId, (transaction) =>
    transaction.updateTable('idempotencyKey').set(set).where('key', '=', key).execute(),
  );
}

describe('Idempotency-Key', () => {
  it('gives the first answer again to the same request, without serving it', async () => {
    const key = aKey();
    const first = await post(key, { name: 'a' });
    const servedOnce = served;
    const again = await post(key, { name: 'a' });
    expect(first.statusCode).toBe(201);
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(served).toBe(servedOnce);
  });

  it('serves every request that has none', async () => {
    const url = { method: 'POST', url: '/v1/_things', headers: caller.headers } as const;
    const [one, two] = [
      await at.app.inject({ ...url, payload: { name: 'a' } }),
      await at.app.inject({ ...url, payload: { name: 'a' } }),
    ];
    expect(one.json<{ id: string }>().id).not.toBe(two.json<{ id: string }>().id);
  });

  it('refuses another body under the same key', async () => {
    const key = aKey();
    await post(key, { name: 'a' });
    const other = await post(key, { name: 'b' });
    expect(other.statusCode).toBe(422);
    expect(other.json()).toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('serves a request once when it comes twice at the same moment', async () => {
    const key = aKey();
    const servedBefore = served;
    const first = post(key, { name: 'a', wait: true });
    await expect.poll(() => release).toBeDefined();
    const second = await post(key, { name: 'a', wait: true });
    expect(second.statusCode).toBe(409);
    release?.();
    expect((await first).statusCode).toBe(201);
    expect(served).toBe(servedBefore + 1);
  });

  it('belongs to its sender: another’s same key is another key', async () => {
    const key = aKey();
    const first = await post(key, { name: 'a' });
    const colleague = await post(key, { name: 'b' }, await at.app.memberWith('admin', caller.tenantId));
    const stranger = await post(key, { name: 'c' }, await at.app.signUp());
    expect([colleague.statusCode, stranger.statusCode]).toEqual([201, 201]);
    expect(colleague.body).not.toBe(first.body);
  });

  it('keeps refusals of the request, and neither our faults nor “not now”', async () => {
    const key = aKey();
    expect((await post(key, { name: 'a', fail: 'theirs' })).statusCode).toBe(409);
    const servedBefore = served;
    const replayed = await post(key, { name: 'a', fail: 'theirs' });
    expect(replayed.json()).toMatchObject({ detail: 'The slot is taken.' });
    expect(replayed.headers['content-type']).toMatch(/problem\+json/);
    expect(served).toBe(servedBefore);
    for (const fail of ['ours', 'later']) {
      const retried = aKey();
      await post(retried, { name: 'a', fail });
      await post(retried, { name: 'a', fail });
    }
    expect(served).toBe(servedBefore + 4);
  });

  it('is free again after a day, and when its first request never ended', async () => {
    const [old, abandoned] = [aKey(), aKey()];
    const first = await post(old, { name: 'a' });
    await post(abandoned, { name: 'a' });
    await change(old, { createdAt: new Date(Date.now() - 25 * 3_600_000) });
    expect((await post(old, { name: 'a' })).body).not.toBe(first.body);
    await change(abandoned, { status: null, bodyEncrypted: null });
    expect((await post(abandoned, { name: 'a' })).statusCode).toBe(409);
    await change(abandoned, { createdAt: new Date(Date.now() - 6 * 60_000) });
    expect((await post(abandoned, { name: 'a' })).statusCode).toBe(201);
  });

  it('is deleted with its answer after a day, of every tenant', async () => {
    const other = await at.app.signUp();
    const [old, recent] = [aKey(), aKey()];
    for (const by of [caller, other]) {
      await post(old, { name: 'a' }, by);
      await post(recent, { name: 'a' }, by);
      await change(old, { createdAt: new Date(Date.now() - 25 * 3_600_000) }, by);
    }
    const logger = pino({ level: 'silent' });
    await deleteIdempotencyKeysJob({ tenancy: at.app.tenancy, clock: systemClock }).run(
      {},
      jobContext({ logger }),
    );
    for (const { tenantId } of [caller, other]) {
      const left = await runInTenant(at.app.db, tenantId, (transaction) =>
        transaction.selectFrom('idempotencyKey').select('key').where('key', 'in', [old, recent]).execute(),
      );
      expect(left).toEqual([{ key: recent }]);
    }
  });

  it('is refused when it cannot be one', async () => {
    for (const key of ['', 'with space', 'x'.repeat(256)]) {
      const response = await post(key, { name: 'a' });
      expect(response.statusCode).toBe(400);
    }
  });

  it('leaves nothing readable in the database of an answer that is shown once', async () => {
    await post(aKey(), { name: 'a' });
    const rows = await runInTenant(at.app.db, caller.tenantId, (transaction) =>
      transaction.selectFrom('idempotencyKey').selectAll().execute(),
    );
    expect(JSON.stringify(rows)).not.toContain('shown-once');
  });

  it('is not offered by a route without a tenant to keep it for', async () => {
    const routes = buildRestApp({
      routes: (http) =>
        void http.post('/v1/_x', { config: { access: 'public', idempotent: true } }, () => ({})),
    });
    await expect(routes).rejects.toThrow(/has no tenant/);
  });
});
