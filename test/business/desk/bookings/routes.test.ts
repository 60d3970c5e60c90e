import { describe, expect, it } from 'vitest';
import { cancelBooking } from '../../../../src/business/desk/bookings/bookings.ts';
import { importSpecialDays } from '../../../../src/business/catalog/opening-hours/opening-hours.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import type { BookingId } from '../../../../src/business/tenancy/ids/ids.ts';
import { runJobs } from '../../../support/run-jobs.ts';
import { aCustomer, asAgent, setOpeningHours } from '../../a-business.ts';

// A Saturday: the salon opens on Monday the 23rd.
const now = new Date('2026-11-21T15:00:00Z');
const at = useRestApp({ now });

interface BookingBody {
  readonly id: string;
  readonly reference: string;
  readonly resourceId: string;
  readonly startsAt: string;
  readonly localTime: string;
  readonly status: string;
}

interface Salon extends MemberCaller {
  readonly serviceId: string;
  readonly chairs: readonly string[];
  readonly customerId: string;
}

function send({ headers }: MemberCaller, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) {
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

/** Open nine to six on weekdays; a trim of an hour with a quarter after it. */
async function aSalon(chairCount = 1): Promise<Salon> {
  const owner = await at.app.signUp();
  const chairs: string[] = [];
  for (let chair = 1; chair <= chairCount; chair += 1) {
    const payload = { name: `Chair ${chair}`, kind: 'place' };
    chairs.push((await send(owner, 'POST', '/v1/resources', payload)).json<{ id: string }>().id);
  }
  const trim = { name: 'Trim', durationMinutes: 60, bufferMinutes: 15, priceMinor: 4_000 };
  const service = (await send(owner, 'POST', '/v1/services', trim)).json<{ id: string }>();
  await setOpeningHours(
    at.app.db,
    owner.tenantId,
    [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opensAtMinute: 540, closesAtMinute: 1_080 })),
  );
  const customer = await aCustomer(at.app.db, owner.tenantId);
  return { ...owner, serviceId: service.id, chairs, customerId: customer.id };
}

function book(salon: Salon, startsAt: string, more: object = {}) {
  const { serviceId, customerId } = salon;
  return send(salon, 'POST', '/v1/bookings', { serviceId, customerId, startsAt, ...more });
}

async function references(salon: Salon, query: string): Promise<string[]> {
  const answer = await send(salon, 'GET', `/v1/bookings?${query}`);
  return answer.json<{ data: BookingBody[] }>().data.map(({ reference }) => reference);
}

describe('a booking over REST', () => {
  it('is made, read, moved, noted and cancelled', async () => {
    const salon = await aSalon();
    const made = await book(salon, '2026-11-24T10:30', { note: 'Short at the back.' });
    expect([made.statusCode, made.json()]).toEqual([
      201,
      expect.objectContaining({
        reference: 'B-1001',
        status: 'booked',
        serviceName: 'Trim',
        resourceName: 'Chair 1',
        startsAt: '2026-11-24T15:30:00.000Z',
        localTime: '2026-11-24T10:30',
      }),
    ]);
    const url = `/v1/bookings/${made.json<BookingBody>().id}`;
    const read = await send(salon, 'GET', url);
    expect(read.json()).toEqual(made.json());
    expect(read.headers.etag).toBe(made.headers.etag);
    const moved = await send(salon, 'PATCH', url, { startsAt: '2026-11-25T09:00', note: null });
    expect(moved.json()).toMatchObject({ localTime: '2026-11-25T09:00', note: null });
    const cancelled = await send(salon, 'POST', `${url}/cancel`);
    expect(cancelled.json()).toMatchObject({ status: 'cancelled' });
    expect((await send(salon, 'POST', `${url}/cancel`)).statusCode).toBe(409);
    expect((await send(salon, 'PATCH', url, { startsAt: '2026-11-26T09:00' })).statusCode).toBe(409);
  });

  it('goes to exactly one of twenty who want the same time at once; the others are offered times nearby', async () => {
    const salon = await aSalon();
    const answers = await Promise.all(Array.from({ length: 20 }, () => book(salon, '2026-11-24T10:00')));
    const refused = answers.filter(({ statusCode }) => statusCode === 409);
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(refused).toHaveLength(19);
    for (const answer of refused) {
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({
        code: 'slot-taken',
        detail: expect.stringContaining('is taken. Free nearby:'),
        freeSlots: [
          { localTime: '2026-11-24T11:30', resourceIds: salon.chairs },
          { localTime: '2026-11-24T12:00' },
          { localTime: '2026-11-24T12:30' },
        ],
      });
    }
    expect(await references(salon, '')).toEqual(['B-1001']);
  });

  it('is held by whom was asked for, or by nobody', async () => {
    const salon = await aSalon(2);
    const [, second] = salon.chairs;
    const ask = () => book(salon, '2026-11-24T10:00', { resourceId: second });
    expect((await ask()).json()).toMatchObject({ resourceId: second });
    const refused = await ask();
    expect(refused.statusCode).toBe(409);
    for (const { resourceIds } of refused.json<{ freeSlots: { resourceIds: string[] }[] }>().freeSlots) {
      expect(resourceIds).toEqual([second]);
    }
    const first = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    expect(first.resourceId).toBe(salon.chairs[0]);
    const url = `/v1/bookings/${first.id}`;
    expect((await send(salon, 'PATCH', url, { resourceId: second })).statusCode).toBe(409);
    const moved = await send(salon, 'PATCH', url, { resourceId: second, startsAt: '2026-11-24T12:00' });
    expect(moved.json()).toMatchObject({ resourceId: second, localTime: '2026-11-24T12:00' });
    const stranger = await aSalon();
    expect((await book(salon, '2026-11-24T10:00', { resourceId: stranger.chairs[0] })).statusCode).toBe(400);
  });

  it('is completed or missed once it has begun, and not before', async () => {
    const salon = await aSalon();
    const { id } = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    const early = await send(salon, 'POST', `/v1/bookings/${id}/no-show`);
    expect([early.statusCode, early.json()]).toEqual([
      409,
      expect.objectContaining({ allowed: ['cancelled'] }),
    ]);
    // As if the day had come: the clock of the other tests stays where it is.
    await at.app.db.transaction().execute((transaction) =>
      transaction
        .updateTable('booking')
        .set({ startsAt: new Date('2026-11-20T15:00:00Z') })
        .where('tenantId', '=', salon.tenantId)
        .execute(),
    );
    const missed = await send(salon, 'POST', `/v1/bookings/${id}/no-show`);
    expect(missed.json()).toMatchObject({ status: 'no_show' });
    const came = await send(salon, 'POST', `/v1/bookings/${id}/complete`);
    expect(came.json()).toMatchObject({ status: 'completed' });
    expect((await send(salon, 'POST', `/v1/bookings/${id}/cancel`)).statusCode).toBe(409);
  });

  it('is made once for one Idempotency-Key, and not changed over another’s change', async () => {
    const salon = await aSalon();
    const keyed = { ...salon, headers: { ...salon.headers, 'idempotency-key': 'one' } };
    const [first, second] = [await book(keyed, '2026-11-24T10:00'), await book(keyed, '2026-11-24T10:00')];
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    const url = `/v1/bookings/${first.json<BookingBody>().id}`;
    const etag = first.headers.etag!;
    const caller = { ...salon, headers: { ...salon.headers, 'if-match': etag } };
    const both = await send(caller, 'PATCH', url, { note: 'a', startsAt: '2026-11-24T11:00' });
    expect(both.json()).toMatchObject({ note: 'a', localTime: '2026-11-24T11:00' });
    expect((await send(caller, 'PATCH', url, { note: 'b' })).statusCode).toBe(412);
    expect((await send(caller, 'POST', `${url}/cancel`)).statusCode).toBe(412);
  });

  it('refuses what cannot be: closed hours with an offer, the past, no customer, another’s service', async () => {
    const [salon, stranger] = [await aSalon(), await aSalon()];
    const late = await book(salon, '2026-11-24T17:30');
    expect([late.statusCode, late.json()]).toEqual([
      409,
      expect.objectContaining({ freeSlots: expect.arrayContaining([expect.anything()]) }),
    ]);
    expect((await book(salon, '2026-11-20T10:00')).statusCode).toBe(400);
    expect((await book(salon, 'some day soon')).statusCode).toBe(400);
    expect((await book(salon, '2026-11-24T10:00', { customerId: undefined })).statusCode).toBe(400);
    expect((await book(salon, '2026-11-24T10:00', { customerId: stranger.customerId })).statusCode).toBe(404);
    expect((await book(salon, '2026-11-24T10:00', { serviceId: stranger.serviceId })).statusCode).toBe(404);
    expect(await references(salon, '')).toEqual([]);
  });

  it('does not exist for another tenant; viewers read and do not book', async () => {
    const [salon, stranger] = [await aSalon(), await aSalon()];
    const { id } = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    const url = `/v1/bookings/${id}`;
    expect((await send(stranger, 'GET', url)).statusCode).toBe(404);
    expect((await send(stranger, 'PATCH', url, { note: 'mine' })).statusCode).toBe(404);
    for (const step of ['cancel', 'complete', 'no-show']) {
      expect((await send(stranger, 'POST', `${url}/${step}`)).statusCode).toBe(404);
    }
    const viewer = await at.app.memberWith('viewer', salon.tenantId);
    expect((await send(viewer, 'GET', url)).statusCode).toBe(200);
    expect((await book({ ...salon, headers: viewer.headers }, '2026-11-25T10:00')).statusCode).toBe(403);
  });

  it('that the caller cancels is told to the business; one it cancels itself is not', async () => {
    const salon = await aSalon();
    const first = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    await asAgent(at.app.tenancy, salon.tenantId, (tx, agent) =>
      cancelBooking(tx, agent, first.id as BookingId, { now }),
    );
    const second = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    await send(salon, 'POST', `/v1/bookings/${second.id}/cancel`);
    await runJobs(at.app);
    const alerts = (await send(salon, 'GET', '/v1/alerts')).json<{ data: object[] }>().data;
    expect(alerts).toEqual([
      expect.objectContaining({ kind: 'booking-cancelled', resourceId: first.id, resource: 'booking' }),
    ]);
  });
});

describe('the list of bookings', () => {
  it('is filtered, ordered and turned page by page', async () => {
    const salon = await aSalon(2);
    const other = await aCustomer(at.app.db, salon.tenantId);
    for (const startsAt of ['2026-11-24T10:00', '2026-11-25T10:00', '2026-11-26T10:00']) {
      await book(salon, startsAt, { resourceId: salon.chairs[0] });
    }
    const last = await book(salon, '2026-11-24T10:00', { customerId: other.id });
    await send(salon, 'POST', `/v1/bookings/${last.json<BookingBody>().id}/cancel`);
    const found = {
      'status=cancelled': ['B-1004'],
      'status=cancelled&status=no_show': ['B-1004'],
      'status=booked': ['B-1001', 'B-1002', 'B-1003'],
      'status=booked&order=latest': ['B-1003', 'B-1002', 'B-1001'],
      [`customerId=${other.id}`]: ['B-1004'],
      [`resourceId=${salon.chairs[1]!}`]: ['B-1004'],
      [`serviceId=${salon.serviceId}&status=booked`]: ['B-1001', 'B-1002', 'B-1003'],
      'from=2026-11-25T00:00:00Z&to=2026-11-26T00:00:00Z': ['B-1002'],
      'q=b1002': ['B-1002'],
      'q=T-1002': [],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await references(salon, query)]).toEqual([query, expected]);
    }
    for (const order of ['soonest', 'latest']) {
      const url = `/v1/bookings?status=booked&limit=2&order=${order}`;
      const page = (await send(salon, 'GET', url)).json<{ data: BookingBody[]; nextCursor: string }>();
      const rest = (await send(salon, 'GET', `${url}&cursor=${page.nextCursor}`)).json<{
        data: BookingBody[];
        nextCursor: null;
      }>();
      expect(rest.nextCursor).toBeNull();
      const seen = [...page.data, ...rest.data].map(({ reference }) => reference);
      expect(order === 'soonest' ? seen : seen.toReversed()).toEqual(['B-1001', 'B-1002', 'B-1003']);
    }
  });
});

describe('the calendar', () => {
  it('shows the free times of each day: opening hours, special days, buffers and bookings', async () => {
    const salon = await aSalon();
    await asAgent(at.app.tenancy, salon.tenantId, (tx, agent) =>
      importSpecialDays(tx, agent, [
        { date: '2026-11-26', ranges: [], reason: 'Thanksgiving' },
        { date: '2026-11-27', ranges: [{ opens: '10:00', closes: '12:00' }], reason: '' },
      ]),
    );
    await book(salon, '2026-11-25T10:30');
    const url = `/v1/availability?serviceId=${salon.serviceId}&from=2026-11-25&days=4`;
    const { timeZone, days } = (await send(salon, 'GET', url)).json<{
      timeZone: string;
      days: { date: string; slots: { localTime: string; startsAt: string }[] }[];
    }>();
    const times = days.map(({ date, slots }) => [date, slots.map(({ localTime }) => localTime.slice(11))]);
    expect(timeZone).toBe('America/New_York');
    expect(times).toEqual([
      [
        '2026-11-25',
        [
          '09:00',
          '12:00',
          '12:30',
          '13:00',
          '13:30',
          '14:00',
          '14:30',
          '15:00',
          '15:30',
          '16:00',
          '16:30',
          '17:00',
        ],
      ],
      ['2026-11-26', []],
      ['2026-11-27', ['10:00', '10:30', '11:00']],
      ['2026-11-28', []],
    ]);
    const stranger = await aSalon();
    expect((await send(stranger, 'GET', url)).statusCode).toBe(404);
    const someday = `/v1/availability?serviceId=${salon.serviceId}&from=2029-01-01`;
    expect((await send(salon, 'GET', someday)).statusCode).toBe(400);
  });

  it('keeps to the clock on the wall when it changes in spring', async () => {
    const salon = await aSalon();
    await setOpeningHours(at.app.db, salon.tenantId, [
      { weekday: 7, opensAtMinute: 60, closesAtMinute: 5 * 60 },
    ]);
    // On March 14th 2027 two o'clock is followed by three: four hours on the wall, three of time.
    const url = `/v1/availability?serviceId=${salon.serviceId}&from=2027-03-14&days=1`;
    const { days } = (await send(salon, 'GET', url)).json<{
      days: { slots: { localTime: string; startsAt: string }[] }[];
    }>();
    expect(days[0]!.slots.map(({ localTime }) => localTime.slice(11))).toEqual([
      '01:00',
      '01:30',
      '03:00',
      '03:30',
      '04:00',
    ]);
    expect(days[0]!.slots.at(0)!.startsAt).toBe('2027-03-14T06:00:00.000Z');
    expect((await book(salon, '2027-03-14T02:30')).statusCode).toBe(400);
  });

  it('counts the bookings of a month by the days of the business, to the minute', async () => {
    const salon = await aSalon(2);
    await setOpeningHours(at.app.db, salon.tenantId, [
      { weekday: 1, opensAtMinute: 0, closesAtMinute: 1_440 },
      { weekday: 2, opensAtMinute: 0, closesAtMinute: 1_440 },
    ]);
    // Half past eleven in the evening of the 30th is the first of December in UTC.
    await book(salon, '2026-11-30T23:30');
    await book(salon, '2026-12-01T00:30');
    const { id } = (await book(salon, '2026-11-24T10:00')).json<BookingBody>();
    await book(salon, '2026-11-24T10:00');
    await send(salon, 'POST', `/v1/bookings/${id}/cancel`);
    const month = async (name: string) => {
      const answer = await send(salon, 'GET', `/v1/bookings/month?month=${name}`);
      return answer.json<{ days: { date: string; isOpen: boolean; booked: number; cancelled: number }[] }>();
    };
    const { days } = await month('2026-11');
    expect(days).toHaveLength(30);
    expect(days.filter(({ booked }) => booked > 0)).toEqual([
      { date: '2026-11-24', isOpen: true, booked: 1, completed: 0, cancelled: 1, noShow: 0 },
      { date: '2026-11-30', isOpen: true, booked: 1, completed: 0, cancelled: 0, noShow: 0 },
    ]);
    expect(days.find(({ date }) => date === '2026-11-25')).toMatchObject({ isOpen: false, booked: 0 });
    expect((await month('2026-12')).days[0]).toMatchObject({ date: '2026-12-01', booked: 1 });
    expect((await send(salon, 'GET', '/v1/bookings/month?month=2026-13')).statusCode).toBe(400);
  });

  it('shows a day resource by resource, with what is free between', async () => {
    const salon = await aSalon(2);
    await book(salon, '2026-11-24T10:00', { resourceId: salon.chairs[0] });
    const day = (await send(salon, 'GET', '/v1/bookings/day?date=2026-11-24')).json<{
      resources: object[];
    }>();
    expect(day).toMatchObject({
      date: '2026-11-24',
      openings: [{ startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' }],
      resources: [
        {
          name: 'Chair 1',
          bookings: [{ reference: 'B-1001' }],
          free: [
            { startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T15:00:00.000Z' },
            { startsAt: '2026-11-24T16:15:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' },
          ],
        },
        {
          name: 'Chair 2',
          bookings: [],
          free: [{ startsAt: '2026-11-24T14:00:00.000Z', endsAt: '2026-11-24T23:00:00.000Z' }],
        },
      ],
    });
    // Whoever works here no more is shown for what is booked with him.
    await send(salon, 'PATCH', `/v1/resources/${salon.chairs[0]!}`, { archived: true });
    await send(salon, 'PATCH', `/v1/resources/${salon.chairs[1]!}`, { active: false });
    const later = (await send(salon, 'GET', '/v1/bookings/day?date=2026-11-24')).json();
    expect(later).toMatchObject({ resources: [{ name: 'Chair 1', active: false, free: [] }] });
    const stranger = await aSalon();
    const theirs = (await send(stranger, 'GET', '/v1/bookings/day?date=2026-11-24')).json();
    expect(theirs).toMatchObject({ resources: [{ name: 'Chair 1', bookings: [] }] });
  });
});
