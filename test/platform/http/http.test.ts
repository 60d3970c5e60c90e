import { connect } from 'node:net';
import { once } from 'node:events';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  VendorError,
} from '../../../src/platform/process/errors.ts';
import { createHealth, type Health } from '../../../src/platform/http/health.ts';
import { buildHttp, type HttpServer } from '../../../src/platform/http/http.ts';
import { Metrics } from '../../../src/platform/process/metrics.ts';

const logger = pino({ level: 'silent' });

describe('the http server', () => {
  let app: HttpServer;
  let health: Health;
  let lagMs: number;
  let metrics: Metrics;
  beforeEach(async () => {
    lagMs = 0;
    metrics = new Metrics();
    health = createHealth({ maxMs: () => lagMs });
    app = await buildHttp(
      { logger, health, metrics },
      { headersTimeoutMs: 100, requestTimeoutMs: 200, checkEveryMs: 20 },
    );
  });
  afterEach(() => app.close());

  function throwing(error: Error): void {
    app.get('/thing/:id', () => {
      throw error;
    });
  }
  const get = (url: string) => app.inject({ method: 'GET', url });

  it.each([
    [new NotFound('No such ticket.'), 404, 'not-found', 'No such ticket.'],
    [new Conflict('The slot is taken.'), 409, 'conflict', 'The slot is taken.'],
    [new Forbidden('Not yours.'), 403, 'forbidden', 'Not yours.'],
    [new VendorError('openai', 'secret', { isRetryable: true, code: '500' }), 502, 'vendor-failed', /openai/],
    [new Error('password is hunter2'), 500, 'internal', 'nothing'],
  ])('answers %s as a problem', async (error, status, code, detail) => {
    throwing(error);
    const response = await get('/thing/1');
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = response.json();
    expect(problem).toMatchObject({ type: `urn:parley:problem:${code}`, status, code });
    expect(problem.requestId).toMatch(/^req_/);
    expect(problem.title).not.toBe('');
    expect(problem.detail ?? 'nothing').toMatch(detail);
    expect(response.body).not.toMatch(/hunter2|secret/);
  });

  it('[F14] answers 503, and when to come back, while the database is out of reach', async () => {
    throwing(Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' }));
    const response = await get('/thing/1');
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json()).toMatchObject({ code: 'database-unavailable' });
    expect(response.body).not.toContain('10.0.0.5');
  });

  it('names every wrong field of a request', async () => {
    const body = z.object({ name: z.string().min(1), lines: z.array(z.object({ quantity: z.int() })) });
    app.post('/orders', { schema: { body, querystring: z.object({ dry: z.stringbool() }) } }, () => 'made');
    const wrongBody = await app.inject({
      method: 'POST',
      url: '/orders?dry=true',
      payload: { name: '', lines: [{ quantity: 1 }, { quantity: 1.5 }] },
    });
    expect(wrongBody.statusCode).toBe(400);
    expect(wrongBody.json().errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/name',
      '/lines/1/quantity',
    ]);
    const wrongQuery = await app.inject({
      method: 'POST',
      url: '/orders?dry=maybe',
      payload: { name: 'a', lines: [] },
    });
    expect(wrongQuery.json()).toMatchObject({
      code: 'invalid-input',
      errors: [{ pointer: '/querystring/dry' }],
    });
  });

  it('passes on the fields that a service refuses', async () => {
    throwing(new InvalidInput('That will not do.', [{ pointer: '/startsAt', detail: 'is in the past' }]));
    expect((await get('/thing/1')).json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '/startsAt', detail: 'is in the past' }],
    });
  });

  it('answers unknown addresses and unreadable bodies as problem documents', async () => {
    app.post('/thing', () => 'made');
    const unknown = await get('/nowhere');
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({ code: 'not-found', requestId: expect.stringMatching(/^req_/) });
    const headers = { 'content-type': 'application/json' };
    const malformed = await app.inject({ method: 'POST', url: '/thing', headers, payload: '{' });
    expect(malformed.statusCode).toBe(400);
    expect(malformed.headers['content-type']).toContain('application/problem+json');
  });

  it('refuses a body larger than anything it takes', async () => {
    app.post('/thing', () => 'made');
    const response = await app.inject({
      method: 'POST',
      url: '/thing',
      payload: { big: 'x'.repeat(300_000) },
    });
    expect(response.statusCode).toBe(413);
  });

  it('keeps a posted form as it came, beside its fields', async () => {
    app.post('/form', (request) => ({ raw: request.rawBody, fields: request.body }));
    const response = await app.inject({
      method: 'POST',
      url: '/form',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      payload: 'To=%2B15005550100&Body=a+b&__proto__=x&Media=1&Media=2',
    });
    expect(response.json()).toEqual({
      raw: 'To=%2B15005550100&Body=a+b&__proto__=x&Media=1&Media=2',
      fields: { To: '+15005550100', Body: 'a b', ['__proto__']: 'x', Media: ['1', '2'] },
    });
  });

  it('trusts forwarded addresses from configured proxies only', async () => {
    const addressWith = async (trustedProxies: readonly string[]): Promise<string> => {
      await using stack = new AsyncDisposableStack();
      const server = await buildHttp({ logger, health, metrics: new Metrics(), trustedProxies });
      stack.defer(() => server.close());
      server.get('/who', (request) => ({ address: request.ip }));
      const headers = { 'x-forwarded-for': '203.0.113.7' };
      const remoteAddress = '10.1.2.3';
      const response = await server.inject({ url: '/who', headers, remoteAddress });
      return response.json<{ address: string }>().address;
    };
    expect(await addressWith(['10.0.0.0/8'])).toBe('203.0.113.7');
    expect(await addressWith(['192.168.0.0/16'])).toBe('10.1.2.3');
    expect(await addressWith([])).toBe('10.1.2.3');
  });

  it('leaves out fields that the response schema does not name', async () => {
    const response = { 200: z.object({ id: z.string() }) };
    app.get('/own', { schema: { response } }, () => ({ id: 'a', passwordHash: 'x' }));
    expect((await get('/own')).json()).toEqual({ id: 'a' });
  });

  it('is alive from the start, and ready once it accepts calls', async () => {
    expect((await get('/healthz')).statusCode).toBe(200);
    expect((await get('/readyz')).statusCode).toBe(503);
    health.isAcceptingCalls = true;
    expect((await get('/readyz')).statusCode).toBe(200);
  });

  it('[F19] is not ready while the event loop stalls for more than a second', async () => {
    health.isAcceptingCalls = true;
    lagMs = 1_001;
    const response = await get('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: 'event-loop-stalled' });
    lagMs = 999;
    expect((await get('/readyz')).statusCode).toBe(200);
  });

  it('measures requests by their pattern, never by their address', async () => {
    app.get('/calls/:id', () => 'x');
    await get('/calls/call_1');
    await get('/calls/call_2');
    const text = (await get('/metrics')).body;
    expect(text).toContain('route="/calls/:id",status="2xx"} 2');
    expect(text).not.toContain('call_1');
  });

  it('exports plain fields as they stand when asked', async () => {
    const fields = { frames: 0, calls: 3 };
    metrics.exportCounter({ name: 'frames_total', help: 'x', read: () => fields.frames });
    metrics.exportGauge({ name: 'calls', help: 'x', read: () => fields.calls });
    fields.frames = 50;
    expect((await get('/metrics')).body).toMatch(/frames_total 50\n[^]*calls 3\n/);
    fields.frames = 51;
    fields.calls = 2;
    expect((await get('/metrics')).body).toMatch(/frames_total 51\n[^]*calls 2\n/);
  });

  it.each([
    ['headers that never end', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
    ['a body that never ends', 'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx'],
    ['an upgrade that is never asked for', 'GET /media/twilio HTTP/1.1\r\nUpgrade: websocket\r\n'],
  ])('[F24] closes a connection with %s, while others are served', async (_what, bytes) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const slow = connect(port, '127.0.0.1');
    slow.resume().write(bytes);
    const closed = once(slow, 'close');
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    await closed;
  });
});
