import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { productTable } from '../../../../src/business/catalog/products/product-table.ts';
import { answer, endpoint, pathId, rawEndpoint } from '../../../../src/business/tenancy/access/endpoint.ts';
import { serveEndpoints } from '../../../../src/business/tenancy/access/serve-endpoints.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { instant } from '../../../../src/platform/http/rest-values.ts';
import { Conflict, TooManyRequests } from '../../../../src/platform/process/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

let served = 0;
let release: (() => void) | undefined;
const failures: Readonly<Record<string, () => Error>> = {
  ours: () => new Error('a fault'),
  later: () => new TooManyRequests('Not now.', 1),
  theirs: () => new Conflict('The slot is taken.'),
};

const thingSchema = z.object({ id: z.string(), at: instant.nullable(), secret: z.string().optional() });
const now = new Date('2026-11-21T15:00:00.000Z');

const at = useRestApp({
  routes(http, db) {
    const endpoints = [
      endpoint({
        method: 'POST',
        path: '/v1/_things',
        needs: 'signed-in',
        idempotent: true,
        tag: 'Test',
        summary: 'Make a thing',
        body: z.object({ name: z.string(), fail: z.string().optional(), wait: z.boolean().optional() }),
        answers: { 201: thingSchema },
        async handle({ tx, body: { name, fail, wait } }) {
          served += 1;
          const id = newId('prd');
          await productTable.insert(tx, { id, slug: id, name, priceMinor: 1, currency: 'USD' });
          if (wait === true) await new Promise<void>((resolve) => (release = resolve));
          if (fail !== undefined) throw failures[fail]!();
          return { id, at: now, version: 4, hidden: 'not in the schema', secret: 'parley_live_shown-once' };
        },
      }),
      endpoint({
        method: 'GET',
        path: '/v1/_things/:id/:word',
        needs: 'products:read',
        tag: 'Test',
        summary: 'Read a thing',
        params: { id: pathId('prd', 'thing'), word: z.string() },
        answers: { 200: z.any(), 202: z.object({ later: z.boolean() }) },
        handle: ({ params, ifMatch }) =>
          params.word === 'later' ? answer(202, { later: true }) : { ...params, ifMatch: ifMatch ?? null },
      }),
      endpoint({
        method: 'GET',
        path: '/v1/_editions/:version',
        needs: 'products:read',
        tag: 'Test',
        summary: 'Read an edition',
        params: { version: z.coerce.number<string>() },
        answers: { 200: z.object({ version: z.int() }).meta({ id: 'Edition' }) },
        handle: ({ params }) => ({ version: params.version }),
      }),
      rawEndpoint({
        method: 'DELETE',
        path: '/v1/_things',
        needs: 'public',
        tag: 'Test',
        summary: 'Say who asks',
        answers: { 204: z.null() },
        handle: ({ actor, reply }) =>
          reply
            .header('x-actor', actor?.type ?? 'nobody')
            .code(204)
            .send(null),
      }),
    ];
    serveEndpoints(http, endpoints, { tenancy: testTenancy(db), clock: new FakeClock(now) });
  },
});

let caller: Caller;
beforeAll(async () => {
  caller = await at.app.signUp();
});

let keys = 0;
const aKey = (): string => `key-${(keys += 1)}`;

function post(key: string | undefined, payload: object, by: Caller = caller) {
  const headers = { ...by.headers, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return at.app.inject({ method: 'POST', url: '/v1/_things', headers, payload });
}

function get(path: string, headers: object = {}) {
  return at.app.inject({ url: `/v1/_things${path}`, headers: { ...caller.headers, ...headers } });
}

function productNames(): Promise<string[]> {
  return at.app.tenancy.run(caller, async (tx) =>
    (await tx.selectFrom('product').select('name').execute()).map(({ name }) => name),
  );
}

describe('an endpoint', () => {
  it('answers by its schema: instants in RFC 3339, no field that it does not name, an ETag for a version', async () => {
    const response = await post(undefined, { name: 'a' });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({
      id: expect.stringMatching(/^prd_/) as string,
      at: '2026-11-21T15:00:00.000Z',
      secret: 'parley_live_shown-once',
    });
    expect(response.headers.etag).toBe('W/"4"');
  });

  it('gives no ETag for a version that is a field of the answer', async () => {
    const response = await at.app.inject({ url: '/v1/_editions/3', headers: caller.headers });
    expect([response.json(), response.headers.etag]).toEqual([{ version: 3 }, undefined]);
  });

  it('reads its path: an id of another kind or form is not found, other parts are given as they are', async () => {
    const id = newId('prd');
    expect((await get(`/${id}/word`)).json()).toEqual({ id, word: 'word', ifMatch: null });
    expect((await get(`/${id}/word`, { 'if-match': 'W/"3"' })).json()).toMatchObject({ ifMatch: [3] });
    for (const wrong of ['prd_1', newId('tkt'), 'x'.repeat(90)]) {
      const response = await get(`/${wrong}/word`);
      expect([response.statusCode, response.json()]).toMatchObject([
        404,
        { detail: 'There is no such thing.' },
      ]);
    }
  });

  it('gives a status of its choice among those it declares', async () => {
    const response = await get(`/${newId('prd')}/later`);
    expect([response.statusCode, response.json()]).toEqual([202, { later: true }]);
  });

  it('undoes everything it wrote when it fails', async () => {
    expect((await post(undefined, { name: 'undone', fail: 'theirs' })).statusCode).toBe(409);
    expect((await post(undefined, { name: 'undone', fail: 'ours' })).statusCode).toBe(500);
    expect(await productNames()).not.toContain('undone');
  });

  it('may be served without a transaction, with the request in hand', async () => {
    const response = await at.app.inject({ method: 'DELETE', url: '/v1/_things' });
    expect([response.statusCode, response.headers['x-actor']]).toEqual([204, 'nobody']);
  });
});

describe('an Idempotency-Key of an endpoint', () => {
  it('gives the first answer again to the same request, and writes nothing again', async () => {
    const key = aKey();
    const first = await post(key, { name: 'once' });
    const again = await post(key, { name: 'once' });
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect([first, again].map(({ headers }) => headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    expect((await productNames()).filter((name) => name === 'once')).toHaveLength(1);
  });

  it('makes who sends the same at the same moment wait for the first answer', async () => {
    const key = aKey();
    const servedBefore = served;
    release = undefined;
    const first = post(key, { name: 'both', wait: true });
    await expect.poll(() => release).toBeDefined();
    const second = post(key, { name: 'both', wait: true });
    release!();
    expect((await second).body).toBe((await first).body);
    expect(served).toBe(servedBefore + 1);
  });

  it('is free again when its request was undone by a crash before the commit', async () => {
    const key = aKey();
    expect((await post(key, { name: 'crashed', fail: 'ours' })).statusCode).toBe(500);
    expect((await post(key, { name: 'crashed', fail: 'ours' })).statusCode).toBe(500);
    const rows = await at.app.tenancy.run(caller, (tx) =>
      tx.selectFrom('idempotencyKey').select('key').where('key', '=', key).execute(),
    );
    expect(rows).toEqual([]);
  });

  it('keeps refusals of the request, and not “not now”', async () => {
    const key = aKey();
    expect((await post(key, { name: 'a', fail: 'theirs' })).statusCode).toBe(409);
    const servedBefore = served;
    const replayed = await post(key, { name: 'a', fail: 'theirs' });
    expect(replayed.json()).toMatchObject({ detail: 'The slot is taken.' });
    expect(replayed.headers['content-type']).toMatch(/problem\+json/);
    expect(served).toBe(servedBefore);
    const retried = aKey();
    for (const _ of [1, 2]) await post(retried, { name: 'a', fail: 'later' });
    expect(served).toBe(servedBefore + 2);
  });

  it('refuses another body, and goes on answering the first', async () => {
    const key = aKey();
    const first = await post(key, { name: 'a' });
    expect((await post(key, { name: 'b' })).statusCode).toBe(422);
    expect((await post(key, { name: 'a' })).body).toBe(first.body);
  });

  it('leaves nothing readable in the database of an answer that is shown once', async () => {
    await post(aKey(), { name: 'a' });
    const rows = await at.app.tenancy.run(caller, (tx) =>
      tx.selectFrom('idempotencyKey').selectAll().execute(),
    );
    expect(JSON.stringify(rows)).not.toContain('shown-once');
  });
});
