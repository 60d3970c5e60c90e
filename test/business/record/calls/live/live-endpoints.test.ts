import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CallRecord,
  ingestRecords,
  type LiveRecordFeed,
} from '../../../../../src/business/record/calls/calls.ts';
import { newId, type TenantId } from '../../../../../src/platform/data/ids.ts';
import { type MemberCaller, useRestApp } from '../../../../support/rest-app.ts';
import { until } from '../../../../support/until.ts';
import { callStarted, recordsOf } from '../a-call.ts';

class Feed implements LiveRecordFeed {
  readonly listeners = new Set<(record: CallRecord) => void>();

  subscribe(listener: (record: CallRecord) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  publish(record: CallRecord): void {
    for (const listener of this.listeners) listener(record);
  }
}

const feed = new Feed();
const live: {
  tenantId: TenantId;
  callId: ReturnType<typeof newId<'call'>>;
  startedAt: Date;
  from: string;
}[] = [];
const at = useRestApp({
  calls: {
    liveRecords: feed,
    live: {
      list: (tenantId) => live.filter((call) => call.tenantId === tenantId),
      end: (tenantId, callId) => live.some((call) => call.tenantId === tenantId && call.callId === callId),
    },
  },
});
let owner: MemberCaller;
let port: number;

beforeAll(async () => {
  await at.app.http.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = at.app.http.server.address() as AddressInfo);
  owner = await at.app.signUp();
});

interface Watching {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  text: string;
  isOver: boolean;
}

function watch(caller: MemberCaller): Promise<Watching> {
  return new Promise((resolve, reject) => {
    const { headers } = caller;
    const request = httpGet({
      port,
      host: '127.0.0.1',
      path: '/v1/calls/live/stream',
      headers,
      agent: false,
    });
    request.on('error', reject).on('response', (response) => {
      const watching: Watching = { request, response, text: '', isOver: false };
      response
        .on('data', (bytes: Buffer) => (watching.text += bytes.toString()))
        .on('close', () => (watching.isOver = true));
      resolve(watching);
    });
  });
}

describe('GET /v1/calls/live', () => {
  it('tells the calls of this server and those the record knows of others, each once', async () => {
    const [here, elsewhere, foreign] = [newId('call'), newId('call'), newId('call')];
    const { tenantId } = owner;
    live.push({ tenantId, callId: here, startedAt: new Date('2026-11-24T16:00:00Z'), from: '+14155550123' });
    const stranger = await at.app.signUp();
    for (const [owning, callId] of [
      [tenantId, here],
      [tenantId, elsewhere],
      [stranger.tenantId, foreign],
    ] as const) {
      await ingestRecords(at.app.tenancy, recordsOf(owning, callId, [callStarted()]));
    }
    const response = await at.app.inject({ url: '/v1/calls/live', headers: owner.headers });
    expect(response.json().data).toMatchObject([
      { id: here, isHere: true, from: '+14155550123' },
      { id: elsewhere, isHere: false },
    ]);
    const viewer = await at.app.memberWith('viewer', tenantId);
    const end = (headers: object) =>
      at.app.inject({ method: 'POST', url: `/v1/calls/${here}/end`, headers: { ...headers } });
    expect((await end(viewer.headers)).statusCode).toBe(403);
    expect((await end(owner.headers)).statusCode).toBe(202);
  });
});

describe('GET /v1/calls/live/stream', () => {
  it('tells the tenant’s events as they happen, nobody else’s, and lets go of who leaves', async () => {
    const stranger = await at.app.signUp();
    const watching = await watch(owner);
    expect(watching.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(feed.listeners.size).toBe(1);
    const [ours, theirs] = [newId('call'), newId('call')];
    feed.publish(recordsOf(stranger.tenantId, theirs, [callStarted('+12125550100')])[0]!);
    feed.publish(recordsOf(owner.tenantId, ours, [callStarted('+14155550123')])[0]!);
    await until(() => watching.text.includes('call-started'));
    expect(watching.text).toContain(
      `id: ${ours}:1\nevent: call-started\ndata: {"callId":"${ours}","sequence":1,`,
    );
    expect(watching.text).not.toContain(theirs);
    watching.request.destroy();
    await until(() => feed.listeners.size === 0);
  });

  it('has room for so many of one tenant', async () => {
    const tenant = await at.app.signUp();
    const watchers: Watching[] = [];
    for (let count = 0; count < 20; count += 1) watchers.push(await watch(tenant));
    const refused = await watch(tenant);
    expect(refused.response.statusCode).toBe(429);
    const other = await watch(owner);
    expect(other.response.statusCode).toBe(200);
    for (const { request } of [...watchers, other]) request.destroy();
    await until(() => feed.listeners.size === 0);
  });

  it('needs a credential that may read calls', async () => {
    expect((await at.app.inject({ url: '/v1/calls/live/stream' })).statusCode).toBe(401);
    const { headers } = await at.app.apiKeyWith(['tickets:read'], owner.tenantId);
    expect((await at.app.inject({ url: '/v1/calls/live/stream', headers })).statusCode).toBe(403);
  });
});
