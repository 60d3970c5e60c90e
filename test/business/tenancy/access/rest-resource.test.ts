import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Endpoint } from '../../../../src/business/tenancy/access/endpoint.ts';
import { pathId, restResource } from '../../../../src/business/tenancy/access/access.ts';

const row = z.object({ id: z.string() });
const other = z.object({ key: z.string() });
const page = z.object({ data: z.array(row) });
const body = z.object({ name: z.string() });
const query = z.object({ limit: z.int() });

const things = restResource({
  path: '/v1/things',
  id: pathId('prd', 'thing'),
  tag: 'Things',
  permission: 'products',
  row,
});

/** Everything of an endpoint that a client meets, in one line. */
function line({ needs, idempotent, spec }: Endpoint): string {
  const permission = typeof needs === 'string' ? needs : needs.permission;
  const parts = [spec.method, spec.path, permission, ...Object.keys(spec.answers)];
  return [...parts, ...(idempotent ? ['idempotent'] : [])].join(' ');
}

/** What a service is called with, when the endpoint is served with everything. */
async function callOf(
  make: (service: (...given: unknown[]) => Promise<never>) => Endpoint,
): Promise<unknown[]> {
  const calls: unknown[][] = [];
  const made = make((...given) => {
    calls.push(given);
    return Promise.resolve(undefined as never);
  });
  const context = {
    tx: 'tx',
    actor: 'actor',
    params: { id: 'prd_1' },
    query: 'query',
    body: 'body',
    ifMatch: [3],
    now: new Date(0),
  };
  await made.handle(context as unknown as Parameters<Endpoint['handle']>[0]);
  return calls[0]!;
}

const request = { ifMatch: [3], now: new Date(0) };

describe('the endpoints of a resource', () => {
  it.each([
    [
      'GET /v1/things products:read 200',
      things.list('', { query, page, handle: () => Promise.resolve({ data: [] }) }),
    ],
    [
      'GET /v1/things/:id/parts products:read 200',
      things.listOf('parts', '', { query, page, handle: () => Promise.resolve({ data: [] }) }),
    ],
    [
      'POST /v1/things products:write 201 idempotent',
      things.create('', { body, handle: () => Promise.resolve({ id: '' }) }),
    ],
    ['GET /v1/things/:id products:read 200', things.read('', { handle: (_, id) => Promise.resolve({ id }) })],
    [
      'PATCH /v1/things/:id products:write 200',
      things.change('', { body, handle: (_, actor, id) => Promise.resolve({ id, actor }) }),
    ],
    ['DELETE /v1/things/:id products:write 204', things.remove('', { handle: () => Promise.resolve() })],
    [
      'POST /v1/things/:id/turn products:write 200',
      things.action('turn', '', { handle: (_, actor, id) => Promise.resolve({ id, actor }) }),
    ],
    [
      'POST /v1/things/:id/keys products:write 201 409 idempotent',
      things.action('keys', '', {
        idempotent: true,
        answers: { 201: other, 409: other },
        handle: () => Promise.resolve({ key: '' }),
      }),
    ],
  ])('include %s', (expected, endpoint) => {
    expect(line(endpoint)).toBe(expected);
  });

  it('answer with the row where no other answer is declared', () => {
    const read = things.read('', { handle: (_, id) => Promise.resolve({ id }) });
    const detailed = things.read('', { answers: { 200: other }, handle: () => Promise.resolve({ key: '' }) });
    expect([read.spec.answers[200], detailed.spec.answers[200]]).toEqual([row, other]);
  });

  it('declare the id where their path has one, and carry their description', () => {
    const { spec } = things.read('Read a thing', {
      description: 'As it is.',
      noStore: true,
      handle: (_, id) => Promise.resolve({ id }),
    });
    expect(spec).toMatchObject({
      tag: 'Things',
      summary: 'Read a thing',
      description: 'As it is.',
      noStore: true,
      params: { id: { prefix: 'prd', what: 'thing' } },
    });
    expect(things.create('', { body, handle: () => Promise.resolve({ id: '' }) }).spec).not.toHaveProperty(
      'params',
    );
  });

  it('call their service with what it takes', async () => {
    expect(await callOf((handle) => things.list('', { query, page, handle }))).toEqual(['tx', 'query']);
    expect(await callOf((handle) => things.listOf('parts', '', { query, page, handle }))).toEqual([
      'tx',
      'prd_1',
      'query',
    ]);
    expect(await callOf((handle) => things.create('', { body, handle }))).toEqual([
      'tx',
      'actor',
      'body',
      request,
    ]);
    expect(await callOf((handle) => things.read('', { handle }))).toEqual(['tx', 'prd_1']);
    expect(await callOf((handle) => things.change('', { body, handle }))).toEqual([
      'tx',
      'actor',
      'prd_1',
      { changes: 'body', ...request },
    ]);
    expect(await callOf((handle) => things.remove('', { handle }))).toEqual([
      'tx',
      'actor',
      'prd_1',
      request,
    ]);
    expect(await callOf((handle) => things.action('turn', '', { body, handle }))).toEqual([
      'tx',
      'actor',
      'prd_1',
      { body: 'body', ...request },
    ]);
  });
});
