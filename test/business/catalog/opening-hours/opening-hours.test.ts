import { describe, expect, it } from 'vitest';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();
const url = '/v1/opening-hours';
const closed = {
  monday: [],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
};
const split = [
  { opens: '09:00', closes: '12:30' },
  { opens: '13:30', closes: '24:00' },
];

function send(
  { headers }: Caller,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  payload?: object,
) {
  return at.app.inject({
    method,
    url: `${url}${path}`,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
}

describe('opening hours', () => {
  it('are put as a whole week, several ranges a day, until midnight', async () => {
    const owner = await at.app.signUp();
    expect((await send(owner, 'GET', '')).json()).toEqual(closed);
    const week = { ...closed, monday: split, saturday: [{ opens: '00:00', closes: '24:00' }] };
    const put = await send(owner, 'PUT', '', week);
    expect([put.statusCode, put.json()]).toEqual([200, week]);
    expect((await send(owner, 'GET', '')).json()).toEqual(week);
    expect((await send(owner, 'PUT', '', closed)).json()).toEqual(closed);
  });

  it('refuse ranges that overlap, end before they begin, or are no times; and half a week', async () => {
    const owner = await at.app.signUp();
    const wrong = [
      [{ opens: '09:00', closes: '09:00' }],
      [{ opens: '18:00', closes: '09:00' }],
      [
        { opens: '09:00', closes: '13:00' },
        { opens: '12:00', closes: '18:00' },
      ],
      [{ opens: '24:00', closes: '24:00' }],
      [{ opens: '9am', closes: '18:00' }],
    ];
    for (const monday of wrong) {
      expect([monday, (await send(owner, 'PUT', '', { ...closed, monday })).statusCode]).toEqual([
        monday,
        400,
      ]);
    }
    expect((await send(owner, 'PUT', '', { monday: split })).statusCode).toBe(400);
    expect((await send(owner, 'GET', '')).json()).toEqual(closed);
  });

  it('are not put over what somebody else has put meanwhile', async () => {
    const owner = await at.app.signUp();
    const etag = (await send(owner, 'GET', '')).headers.etag!;
    const caller = { ...owner, headers: { ...owner.headers, 'if-match': etag } };
    expect((await send(caller, 'PUT', '', { ...closed, monday: split })).statusCode).toBe(200);
    expect((await send(caller, 'PUT', '', { ...closed, tuesday: split })).statusCode).toBe(412);
  });

  it('are changed by managers, not by agents, and are each tenant’s own', async () => {
    const owner = await at.app.signUp();
    const [manager, agent] = [
      await at.app.memberWith('manager', owner.tenantId),
      await at.app.memberWith('agent', owner.tenantId),
    ];
    expect((await send(agent, 'PUT', '', { ...closed, monday: split })).statusCode).toBe(403);
    expect((await send(manager, 'PUT', '', { ...closed, monday: split })).statusCode).toBe(200);
    expect((await send(await at.app.signUp(), 'GET', '')).json()).toEqual(closed);
  });
});

describe('special days', () => {
  it('are closed or have hours of their own, are read, replaced and removed', async () => {
    const owner = await at.app.signUp();
    const path = '/exceptions/2026-11-26';
    const put = await send(owner, 'PUT', path, { reason: 'Thanksgiving' });
    expect(put.json()).toEqual({ date: '2026-11-26', ranges: [], reason: 'Thanksgiving' });
    await send(owner, 'PUT', path, { ranges: split, reason: 'Sale' });
    expect((await send(owner, 'GET', path)).json()).toEqual({
      date: '2026-11-26',
      ranges: split,
      reason: 'Sale',
    });
    expect((await send(owner, 'DELETE', path)).statusCode).toBe(204);
    expect((await send(owner, 'GET', path)).statusCode).toBe(404);
    expect((await send(owner, 'DELETE', path)).statusCode).toBe(404);
    expect((await send(owner, 'PUT', '/exceptions/2026-02-30', {})).statusCode).toBe(400);
  });

  it('are imported as a list, all or none, and listed page by page', async () => {
    const owner = await at.app.signUp();
    const days = ['2026-12-25', '2026-12-24', '2027-01-01', '2026-12-26'].map((date) => ({
      date,
      reason: date,
    }));
    const imported = await send(owner, 'POST', '/exceptions/import', { days });
    expect(imported.json()).toEqual({ imported: 4 });
    const bad = [...days, { date: '2026-12-31', ranges: [{ opens: '12:00', closes: '11:00' }] }];
    expect((await send(owner, 'POST', '/exceptions/import', { days: bad })).statusCode).toBe(400);
    const first = (await send(owner, 'GET', '/exceptions?limit=3&to=2026-12-31')).json<{
      data: { date: string }[];
      nextCursor: string | null;
    }>();
    expect(first.data.map(({ date }) => date)).toEqual(['2026-12-24', '2026-12-25', '2026-12-26']);
    expect(first.nextCursor).toBeNull();
    const page = (await send(owner, 'GET', '/exceptions?limit=3')).json<{ nextCursor: string }>();
    const rest = await send(owner, 'GET', `/exceptions?limit=3&cursor=${page.nextCursor}`);
    expect(rest.json()).toMatchObject({ data: [{ date: '2027-01-01' }], nextCursor: null });
    const stranger = await at.app.signUp();
    expect((await send(stranger, 'GET', '/exceptions')).json()).toEqual({ data: [], nextCursor: null });
    expect((await send(stranger, 'DELETE', '/exceptions/2026-12-25')).statusCode).toBe(404);
  });
});
