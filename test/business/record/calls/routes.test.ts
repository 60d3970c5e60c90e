import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { finishCallJob, ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { listPrices } from '../../../../src/vendors/prices.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import type { CallId } from '../../../../src/business/tenancy/ids/ids.ts';
import { MemoryStorage } from '../../../support/memory-storage.ts';
import { type KeyCaller, useRestApp } from '../../../support/rest-app.ts';
import { aBookingCall, callStarted, recordsOf } from './a-call.ts';
import { jobContext } from '../../../../src/jobs/job.ts';

const logger = pino({ level: 'silent' });
const audio = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 251));
const storage = new MemoryStorage();
storage.objects.set('recordings/call.wav', audio);
const live = new Set<string>();

const at = useRestApp({
  storage,
  calls: { live: { list: () => [], end: (tenantId, callId) => live.has(`${tenantId} ${callId}`) } },
  config: { simulated: ['deepgram'], publicUrl: 'https://phone.example' },
});
let app: typeof at.app;
let ours: KeyCaller;
let theirs: KeyCaller;

async function aMember(): Promise<KeyCaller> {
  return app.apiKeyWith('*', (await app.signUp()).tenantId);
}

async function aFinishedCall(tenantId: TenantId): Promise<CallId> {
  const callId = newId('call');
  await ingestRecords(app.tenancy, recordsOf(tenantId, callId, aBookingCall()));
  await finishCallJob({ tenancy: app.tenancy, prices: listPrices }).run(
    { tenantId, callId },
    jobContext({ logger }),
  );
  return callId;
}

beforeAll(async () => {
  ({ app } = at);
  [ours, theirs] = [await aMember(), await aMember()];
});

describe('GET /v1/calls', () => {
  it('lists the tenant’s calls, newest first, page by page, each once', async () => {
    const { tenantId, headers } = await aMember();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const callId = newId('call');
      await ingestRecords(app.tenancy, recordsOf(tenantId, callId, [callStarted()]));
      made.unshift(callId);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await app.inject({ url: `/v1/calls?limit=2${query}`, headers });
      expect(response.statusCode).toBe(200);
      const page: { data: { id: string }[]; nextCursor: string | null } = response.json();
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made.toSorted().toReversed());
    expect(new Set(seen).size).toBe(5);
  });

  it('refuses limits out of range and cursors that are none, naming them', async () => {
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=nonsense']) {
      const response = await app.inject({ url: `/v1/calls?${query}`, headers: ours.headers });
      expect(response.statusCode).toBe(400);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.json()).toMatchObject({
        status: 400,
        errors: [{ pointer: expect.stringContaining(query.split('=')[0]!) }],
      });
    }
  });

  it.each(['/v1/calls', '/v1/about', `/v1/calls/${newId('call')}`, `/v1/calls/${newId('call')}/recording`])(
    'and every address of it, such as %s, is closed without a live key',
    async (url) => {
      const wrong = [
        '',
        'Bearer',
        'Bearer nonsense',
        `Bearer parley_test_${'x'.repeat(43)}`,
        `Basic ${ours.key}`,
      ];
      for (const authorization of [undefined, ...wrong]) {
        const response = await app.inject({
          url,
          headers: authorization === undefined ? {} : { authorization },
        });
        expect(response.statusCode).toBe(401);
        expect(response.json()).toMatchObject({ code: 'unauthorized' });
      }
    },
  );
});

describe('GET /v1/calls/:id', () => {
  it('tells the whole call', async () => {
    const callId = await aFinishedCall(ours.tenantId);
    const response = await app.inject({ url: `/v1/calls/${callId}`, headers: ours.headers });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      id: callId,
      status: 'completed',
      startedAt: '2026-11-24T15:00:00.000Z',
      outcome: ['booked'],
      cost: { totalMicros: 42_960 },
      usage: { model: 'gpt-6-luna' },
      hasRecording: true,
      transcript: [
        { kind: 'agent', replyKind: 'greeting', latency: null },
        { kind: 'caller', text: 'I would like to book a tune-up.', words: [{ heard: true }] },
        { kind: 'tool', tool: 'book_appointment', arguments: { service: 'tune-up' }, status: 'ok' },
        {
          kind: 'agent',
          heardText: 'You are booked',
          generatedText: 'You are booked for Tuesday at ten.',
          interrupted: true,
          words: [{ heard: true }, { heard: false }],
          latency: { requestMs: -120, sendMs: null, totalMs: 242, speculative: true },
        },
      ],
    });
  });

  it('of another tenant, or of nobody, is not found, whatever is asked of it', async () => {
    const foreign = await aFinishedCall(theirs.tenantId);
    live.add(`${theirs.tenantId} ${foreign}`);
    for (const id of [foreign, newId('call'), newId('tkt'), 'nonsense', '%00']) {
      for (const [method, suffix] of [
        ['GET', ''],
        ['GET', '/recording'],
        ['POST', '/end'],
      ] as const) {
        const response = await app.inject({ method, url: `/v1/calls/${id}${suffix}`, headers: ours.headers });
        expect([id, suffix, response.statusCode]).toEqual([id, suffix, 404]);
      }
    }
  });
});

describe('GET /v1/calls/:id/recording', () => {
  it('sends the whole recording, or the part asked for', async () => {
    const callId = await aFinishedCall(ours.tenantId);
    const get = (range?: string) =>
      app.inject({
        url: `/v1/calls/${callId}/recording`,
        headers: { ...ours.headers, ...(range === undefined ? {} : { range }) },
      });
    const whole = await get();
    expect([whole.statusCode, whole.headers['content-type'], whole.headers['accept-ranges']]).toEqual([
      200,
      'audio/wav',
      'bytes',
    ]);
    expect(whole.rawPayload.equals(audio)).toBe(true);
    const part = await get('bytes=100-199');
    expect([part.statusCode, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      'bytes 100-199/1000',
      '100',
    ]);
    expect(part.rawPayload.equals(audio.subarray(100, 200))).toBe(true);
    const beyond = await get('bytes=1000-');
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */1000']);
  });

  it('is not found while there is none', async () => {
    const callId = newId('call');
    await ingestRecords(app.tenancy, recordsOf(ours.tenantId, callId, [callStarted()]));
    const response = await app.inject({ url: `/v1/calls/${callId}/recording`, headers: ours.headers });
    expect(response.statusCode).toBe(404);
  });
});

describe('POST /v1/calls/:id/end', () => {
  it('ends a live call, and says why another cannot be ended', async () => {
    const going = newId('call');
    live.add(`${ours.tenantId} ${going}`);
    const over = await aFinishedCall(ours.tenantId);
    const end = (callId: string) =>
      app.inject({ method: 'POST', url: `/v1/calls/${callId}/end`, headers: ours.headers });
    expect((await end(going)).statusCode).toBe(202);
    const refused = await end(over);
    expect([refused.statusCode, refused.json().detail]).toEqual([409, 'This call is over already.']);
  });

  it('is in the audit log, beside the journal that goes on to its end', async () => {
    const callId = newId('call');
    live.add(`${ours.tenantId} ${callId}`);
    const records = recordsOf(ours.tenantId, callId, aBookingCall());
    await ingestRecords(app.tenancy, records.slice(0, 3));
    const { headers } = ours;
    await app.inject({ method: 'POST', url: `/v1/calls/${callId}/end`, headers });
    await ingestRecords(app.tenancy, records);
    const call = (await app.inject({ url: `/v1/calls/${callId}`, headers })).json();
    const events = (await app.inject({ url: `/v1/calls/${callId}/events?limit=100`, headers })).json();
    expect([call.status, events.data.length]).toEqual(['completed', records.length]);
    const audited = await app.inject({ url: `/v1/audit-log?resourceId=${callId}`, headers });
    expect(audited.json().data).toMatchObject([
      { action: 'call.ended', resource: 'call', before: null, after: null, actor: { type: 'api-key' } },
    ]);
  });
});

describe('the console', () => {
  it('lets in by a key in the address, and takes it out of the address at once', async () => {
    const response = await app.inject({ url: `/console?key=${ours.key}` });
    expect([response.statusCode, response.headers.location]).toEqual([302, '/console']);
    const cookie = String(response.headers['set-cookie']);
    expect(cookie.split('; ').slice(1).toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=2592000',
      'Path=/',
      'SameSite=Strict',
      'Secure',
    ]);
    const about = await app.inject({
      url: '/v1/about',
      headers: { cookie: `other=1; ${cookie.split(';')[0]}` },
    });
    expect(about.json()).toMatchObject({
      businessName: 'Harbour Street',
      simulatedVendors: ['deepgram'],
      numbers: [],
    });
  });

  it('lets in by the form, turns wrong keys away, and lets out', async () => {
    const post = (url: string, body: string) =>
      app.inject({
        method: 'POST',
        url,
        payload: body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    const signedIn = await post('/console/session', `key=${ours.key}`);
    expect([signedIn.statusCode, signedIn.headers.location]).toEqual([303, '/console']);
    const refused = await post('/console/session', 'key=parley_test_wrong');
    expect([refused.headers.location, refused.headers['set-cookie']]).toEqual([
      '/console?sign-in=failed',
      undefined,
    ]);
    expect((await app.inject({ url: '/console?key=wrong' })).headers['set-cookie']).toBeUndefined();
    const out = await app.inject({ method: 'POST', url: '/console/sign-out' });
    expect(String(out.headers['set-cookie'])).toMatch(/^parley_key=; Max-Age=0/);
  });

  it('does not fall back to the cookie when a wrong key is presented beside it', async () => {
    const headers = { authorization: 'Bearer wrong', cookie: `parley_key=${ours.key}` };
    expect((await app.inject({ url: '/v1/calls', headers })).statusCode).toBe(401);
  });

  it('is a page with nothing inline and nothing from elsewhere, all of it served here', async () => {
    const page = await app.inject({ url: '/console' });
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|https?:|upgrade/);
    const files = [...page.body.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map((match) => match[1]!);
    expect(files).toEqual(['/console/page.css', '/console/page.js']);
    expect(page.body).not.toMatch(/<script(?![^>]*src)|<style|\son\w+=|\sstyle=/);
    const script = await app.inject({ url: '/console/page.js' });
    const imported = [...script.body.matchAll(/from '\.\/([^']+)'/g)].map((match) => `/console/${match[1]}`);
    expect(imported).toHaveLength(2);
    for (const url of [...files, ...imported]) {
      const file = await app.inject({ url });
      expect([
        url,
        file.statusCode,
        file.body.includes('http://') || file.body.includes('innerHTML'),
      ]).toEqual([url, 200, false]);
    }
  });
});
