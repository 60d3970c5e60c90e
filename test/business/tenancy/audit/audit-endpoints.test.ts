import { beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { recordChange } from '../../../../src/business/tenancy/audit/record-change.ts';
import { withTenant } from '../../../../src/platform/data/db.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
  for (const [actor, action, resource, resourceId] of [
    ['agent', 'ticket.created', 'ticket', 'tkt_1'],
    ['agent', 'ticket.changed', 'ticket', 'tkt_1'],
    ['agent', 'ticket.changed', 'ticket', 'tkt_2'],
    ['import', 'order.created', 'order', 'ord_1'],
  ] as const) {
    await withTenant(at.app.db, owner.tenantId, (transaction) =>
      recordChange(transaction, systemActor(owner.tenantId, actor), { action, resource, resourceId }),
    );
  }
});

interface Page {
  readonly data: readonly { readonly id: string; readonly action: string; readonly resourceId: string }[];
  readonly nextCursor: string | null;
}

async function list(query: string): Promise<Page> {
  const response = await at.app.inject({ url: `/v1/audit-log?${query}`, headers: owner.headers });
  expect(response.statusCode).toBe(200);
  return response.json<Page>();
}

describe('GET /v1/audit-log', () => {
  it('lists changes newest first, page by page, each once', async () => {
    const page = await list('limit=3');
    const rest = await list(`limit=3&cursor=${page.nextCursor}`);
    const ids = [...page.data, ...rest.data].map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(4);
    expect(rest.nextCursor).toBeNull();
  });

  it.each([
    ['actorId=import', ['ord_1']],
    ['resource=ticket', ['tkt_2', 'tkt_1', 'tkt_1']],
    ['resource=ticket&resourceId=tkt_1', ['tkt_1', 'tkt_1']],
    ['action=ticket.changed', ['tkt_2', 'tkt_1']],
    ['action=ticket.changed&actorId=import', []],
  ])('filters by %s', async (query, expected) => {
    expect((await list(query)).data.map(({ resourceId }) => resourceId)).toEqual(expected);
  });

  it('filters by time, to the instant', async () => {
    const minutesFromNow = (minutes: number): string =>
      encodeURIComponent(new Date(Date.now() + minutes * 60_000).toISOString());
    expect((await list(`since=${minutesFromNow(-1)}&until=${minutesFromNow(1)}`)).data).toHaveLength(4);
    expect((await list(`since=${minutesFromNow(1)}`)).data).toHaveLength(0);
    expect((await list(`until=${minutesFromNow(-1)}`)).data).toHaveLength(0);
    const last = await at.app.inject({ url: '/v1/audit-log?limit=1', headers: owner.headers });
    const lastAt = encodeURIComponent(last.json<{ data: { at: string }[] }>().data[0]!.at);
    expect((await list(`since=${lastAt}`)).data.length).toBeGreaterThan(0);
  });

  it('refuses times and cursors that are none', async () => {
    for (const query of ['since=yesterday', 'until=5', 'cursor=x']) {
      const { statusCode } = await at.app.inject({ url: `/v1/audit-log?${query}`, headers: owner.headers });
      expect(statusCode).toBe(400);
    }
  });

  it('is empty to another tenant', async () => {
    const stranger = await at.app.signUp();
    const response = await at.app.inject({ url: '/v1/audit-log', headers: stranger.headers });
    expect(response.json()).toEqual({ data: [], nextCursor: null });
  });
});
