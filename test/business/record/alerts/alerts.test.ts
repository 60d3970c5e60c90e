import { describe, expect, it } from 'vitest';
import { raiseAlert } from '../../../../src/business/record/alerts/alerts.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();

function raise(
  tenantId: TenantId,
  title: string,
  kind: 'number-problem' | 'vendor-failed' = 'vendor-failed',
) {
  return at.app.tenancy.run({ tenantId }, (tx) => raiseAlert(tx, { kind, title }));
}

async function titles({ headers }: Caller, query = ''): Promise<string[]> {
  const { data } = (await at.app.inject({ url: `/v1/alerts?${query}`, headers })).json<{
    data: { title: string }[];
  }>();
  return data.map(({ title }) => title);
}

async function unread({ headers }: Caller): Promise<number> {
  return (await at.app.inject({ url: '/v1/alerts/unread-count', headers })).json<{ unread: number }>().unread;
}

describe('alerts', () => {
  it('are read by each member for himself', async () => {
    const owner = await at.app.signUp();
    const colleague = await at.app.memberWith('viewer', owner.tenantId);
    const id = await raise(owner.tenantId, 'first');
    await raise(owner.tenantId, 'second');
    expect([await unread(owner), await unread(colleague)]).toEqual([2, 2]);
    const read = () =>
      at.app.inject({ method: 'POST', url: `/v1/alerts/${id}/read`, headers: owner.headers });
    expect((await read()).statusCode).toBe(204);
    expect((await read()).statusCode).toBe(204);
    expect([await unread(owner), await unread(colleague)]).toEqual([1, 2]);
    expect(await titles(owner, 'unread=true')).toEqual(['second']);
    expect(await titles(owner, 'unread=false')).toEqual(['first']);
    expect(await titles(colleague, 'unread=true')).toEqual(['second', 'first']);
  });

  it('are all marked at once, and counted', async () => {
    const owner = await at.app.signUp();
    for (const title of ['a', 'b', 'c']) await raise(owner.tenantId, title);
    const readAll = () =>
      at.app.inject({ method: 'POST', url: '/v1/alerts/read-all', headers: owner.headers });
    expect((await readAll()).json()).toEqual({ marked: 3 });
    expect((await readAll()).json()).toEqual({ marked: 0 });
    expect(await unread(owner)).toBe(0);
  });

  it('are listed newest first, by kind, page by page', async () => {
    const owner = await at.app.signUp();
    for (const title of ['1', '2', '3', '4', '5']) await raise(owner.tenantId, title);
    await raise(owner.tenantId, 'number', 'number-problem');
    expect(await titles(owner, 'kind=number-problem')).toEqual(['number']);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/v1/alerts?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: { title: string }[]; nextCursor: string | null } = (
        await at.app.inject({ url, headers: owner.headers })
      ).json();
      seen.push(...page.data.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['number', '5', '4', '3', '2', '1']);
  });

  it('of another tenant are neither seen nor marked; programs mark none', async () => {
    const [owner, stranger] = [await at.app.signUp(), await at.app.signUp()];
    const id = await raise(owner.tenantId, 'private');
    expect(await titles(stranger)).toEqual([]);
    const mark = ({ headers }: Caller, alertId: string = id) =>
      at.app.inject({ method: 'POST', url: `/v1/alerts/${alertId}/read`, headers });
    expect((await mark(stranger)).statusCode).toBe(404);
    expect((await mark(owner, 'tkt_1')).statusCode).toBe(404);
    const key = await at.app.apiKeyWith(['alerts:read', 'alerts:write'], owner.tenantId);
    expect(await titles(key)).toEqual(['private']);
    expect((await mark(key)).statusCode).toBe(403);
  });
});
