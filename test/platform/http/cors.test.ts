import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowOrigins } from '../../../src/platform/http/cors.ts';
import { createHealth } from '../../../src/platform/http/health.ts';
import { buildHttp, type HttpServer } from '../../../src/platform/http/http.ts';
import { Metrics } from '../../../src/platform/process/metrics.ts';

const origin = 'https://app.example.com';
let http: HttpServer;

beforeAll(async () => {
  const health = createHealth({ maxMs: () => 0 });
  http = await buildHttp({ logger: pino({ level: 'silent' }), health, metrics: new Metrics() });
  await allowOrigins(http, [origin]);
  http.get('/v1/things', () => ({ ok: true }));
});
afterAll(() => http.close());

describe('pages of other origins', () => {
  it('read answers when their origin is listed, headers of ours included', async () => {
    const { headers } = await http.inject({ url: '/v1/things', headers: { origin } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    });
    expect(headers['access-control-expose-headers']).toContain('etag');
  });

  it('get an answer to a preflight request at any address', async () => {
    for (const url of ['/v1/things', '/v1/elsewhere']) {
      const headers = { origin, 'access-control-request-method': 'PATCH' };
      const response = await http.inject({ method: 'OPTIONS', url, headers });
      expect(response.statusCode).toBe(204);
      expect(response.headers['access-control-allow-methods']).toContain('PATCH');
      expect(response.headers['access-control-allow-headers']).toContain('authorization');
    }
  });

  it('get nothing when it is not, and never with the cookies of the console', async () => {
    for (const other of ['https://app.example.com.evil.test', 'http://app.example.com', 'null']) {
      const { headers } = await http.inject({ url: '/v1/things', headers: { origin: other } });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['vary']).toBe('Origin');
    }
    const preflight = { origin: 'https://elsewhere.test', 'access-control-request-method': 'GET' };
    const refused = await http.inject({ method: 'OPTIONS', url: '/v1/things', headers: preflight });
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'not-found']);
    const { headers } = await http.inject({ url: '/v1/things', headers: { origin } });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });
});
