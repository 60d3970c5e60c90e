import { describe, expect, it } from 'vitest';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';
import { runJobs } from '../../../support/run-jobs.ts';
import { aMessage } from '../../a-business.ts';

const at = useRestApp();

function send({ headers }: Caller, method: 'GET' | 'PATCH', path: string, payload?: object) {
  const url = `/v1/messages${path}`;
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function bodies(caller: Caller, query: string): Promise<string[]> {
  return (await send(caller, 'GET', `?${query}`))
    .json<{ data: { body: string }[] }>()
    .data.map(({ body }) => body);
}

describe('messages over REST', () => {
  it('are marked as handled, by whom and when, and as new again', async () => {
    const owner = await at.app.signUp();
    const { id } = await aMessage(at.app.tenancy, owner.tenantId, {
      body: 'Please call back.',
      callerName: 'Maya',
      callerPhone: '+14155550123',
    });
    const handled = await send(owner, 'PATCH', `/${id}`, { status: 'handled' });
    expect(handled.json()).toMatchObject({
      status: 'handled',
      handledBy: owner.memberId,
      handledAt: expect.any(String),
      callbackPhone: '+14155550123',
    });
    const colleague = await at.app.memberWith('agent', owner.tenantId);
    const again = await send(colleague, 'PATCH', `/${id}`, { status: 'handled' });
    expect(again.json()).toMatchObject({ handledBy: owner.memberId });
    const renewed = await send(owner, 'PATCH', `/${id}`, { status: 'new', assigneeId: colleague.memberId });
    expect(renewed.json()).toMatchObject({
      status: 'new',
      handledBy: null,
      handledAt: null,
      assigneeId: colleague.memberId,
    });
    expect((await send(owner, 'GET', `/${id}`)).json()).toEqual(renewed.json());
  });

  it('are filtered, and turned page by page', async () => {
    const owner = await at.app.signUp();
    const take = (body: string, urgent = false) =>
      aMessage(at.app.tenancy, owner.tenantId, { body, urgent, callerPhone: '+14155550123' });
    const [first] = [await take('1'), await take('2', true), await take('3')];
    await send(owner, 'PATCH', `/${first.id}`, { status: 'handled', assigneeId: owner.memberId });
    const found = {
      '': ['3', '2', '1'],
      'status=new': ['3', '2'],
      'status=handled': ['1'],
      'urgent=true': ['2'],
      [`assigneeId=${owner.memberId}`]: ['1'],
      'assigneeId=none': ['3', '2'],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await bodies(owner, query)]).toEqual([query, expected]);
    }
    const page = (await send(owner, 'GET', '?limit=2')).json<{ nextCursor: string }>();
    expect(await bodies(owner, `limit=2&cursor=${page.nextCursor}`)).toEqual(['1']);
  });

  it('raise an alert when they are taken', async () => {
    const owner = await at.app.signUp();
    const { id } = await aMessage(at.app.tenancy, owner.tenantId, { body: 'Fire!', urgent: true });
    await runJobs(at.app);
    const alerts = await at.app.inject({ url: '/v1/alerts', headers: owner.headers });
    expect(alerts.json()).toMatchObject({
      data: [{ kind: 'message-taken', title: 'An urgent message was taken', body: '', resourceId: id }],
    });
  });

  it('of another tenant do not exist; go to members alone; are not written by viewers or over a change', async () => {
    const [owner, stranger] = [await at.app.signUp(), await at.app.signUp()];
    const { id } = await aMessage(at.app.tenancy, owner.tenantId, { body: 'Hello' });
    expect((await send(stranger, 'GET', `/${id}`)).statusCode).toBe(404);
    expect((await send(stranger, 'PATCH', `/${id}`, { status: 'handled' })).statusCode).toBe(404);
    expect(await bodies(stranger, '')).toEqual([]);
    const foreign = { assigneeId: stranger.memberId };
    expect((await send(owner, 'PATCH', `/${id}`, foreign)).statusCode).toBe(400);
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    expect(await bodies(viewer, '')).toEqual(['Hello']);
    expect((await send(viewer, 'PATCH', `/${id}`, { status: 'handled' })).statusCode).toBe(403);
    const etag = (await send(owner, 'GET', `/${id}`)).headers.etag!;
    const caller = { ...owner, headers: { ...owner.headers, 'if-match': etag } };
    expect((await send(caller, 'PATCH', `/${id}`, { status: 'handled' })).statusCode).toBe(200);
    expect((await send(caller, 'PATCH', `/${id}`, { status: 'new' })).statusCode).toBe(412);
  });
});
