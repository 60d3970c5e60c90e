import { type ClientRequest, get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import { until } from '../../../support/until.ts';

const rest = useRestApp();
let owner: MemberCaller;
let port: number;

beforeAll(async () => {
  await rest.app.http.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = rest.app.http.server.address() as AddressInfo);
  owner = await rest.app.signUp();
});

interface Watching {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  text: string;
}

function watch({ headers }: Caller): Promise<Watching> {
  const { promise, resolve, reject } = Promise.withResolvers<Watching>();
  const target = { port, host: '127.0.0.1', path: '/v1/events/stream', headers, agent: false };
  const request = httpGet(target);
  request.on('error', reject).on('response', (response) => {
    const watching: Watching = { request, response, text: '' };
    response.on('data', (bytes: Buffer) => (watching.text += bytes.toString()));
    resolve(watching);
  });
  return promise;
}

async function addProduct({ headers }: Caller, name: string): Promise<string> {
  const payload = { name, priceMinor: 1_000 };
  const response = await rest.app.inject({ method: 'POST', url: '/v1/products', headers, payload });
  return JSON.parse(response.payload).id;
}

describe('GET /v1/events/stream', () => {
  it('sends each committed event of the tenant once, by whom, and none of another tenant', async () => {
    const stranger = await rest.app.signUp();
    const watching = await watch(owner);
    expect(watching.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const theirs = await addProduct(stranger, 'Bell');
    const ours = await addProduct(owner, 'Lock');
    await until(() => watching.text.includes('product.created'));
    const [, data] = /event: product\.created\ndata: (.*)\n/.exec(watching.text)!;
    expect(JSON.parse(data!)).toEqual({
      position: expect.stringMatching(/^\d+$/),
      type: 'product.created',
      subject: ours,
      at: expect.any(String),
      actor: { type: 'member', id: owner.memberId },
    });
    expect(watching.text).not.toContain(theirs);
    expect(watching.text).not.toContain('Lock');
    watching.request.destroy();
  });

  it('sends nothing of a change that was refused', async () => {
    const watching = await watch(owner);
    const payload = { name: 'Lock', slug: 'taken', priceMinor: 1_000 };
    const add = () =>
      rest.app.inject({ method: 'POST', url: '/v1/products', headers: owner.headers, payload });
    await add();
    expect((await add()).statusCode).toBe(409);
    await addProduct(owner, 'Pump');
    await until(() => watching.text.split('product.created').length > 4);
    expect(watching.text.match(/event: product\.created/g)).toHaveLength(2);
    watching.request.destroy();
  });

  it('needs a credential that may read the audit log', async () => {
    const { headers } = await rest.app.apiKeyWith(['products:read'], owner.tenantId);
    expect((await rest.app.inject({ url: '/v1/events/stream' })).statusCode).toBe(401);
    expect((await rest.app.inject({ url: '/v1/events/stream', headers })).statusCode).toBe(403);
  });
});
