import { beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { auditProcessor } from '../../../../src/business/tenancy/audit/audit.ts';
import { defineEvents, happened } from '../../../../src/business/tenancy/events/events.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useRestApp();

const ticketEvents = defineEvents('ticket', {
  created: { says: 'A ticket was made.' },
  changed: { says: 'A ticket was changed.' },
});
const orderEvents = defineEvents('order', { created: { says: 'An order was placed.' } });

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
  const tenancy = testTenancy(at.app.db, [auditProcessor]);
  for (const [by, event] of [
    ['agent', ticketEvents.created({ subject: 'tkt_1' })],
    ['agent', ticketEvents.changed({ subject: 'tkt_1' })],
    ['agent', ticketEvents.changed({ subject: 'tkt_2' })],
    ['import', orderEvents.created({ subject: 'ord_1' })],
  ] as const) {
    const actor = systemActor(owner.tenantId, by);
    await tenancy.run(actor, (tx) => happened(tx, actor, event));
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
