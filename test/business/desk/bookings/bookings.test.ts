import { describe, expect, it } from 'vitest';
import { changeResource, listResources } from '../../../../src/business/catalog/resources/resources.ts';
import { changeService } from '../../../../src/business/catalog/services/services.ts';
import {
  bookAppointment,
  type Booking,
  cancelBooking,
  findBooking,
  listFreeSlots,
  listUpcomingBookings,
  moveBooking,
} from '../../../../src/business/desk/bookings/bookings.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { Conflict, InvalidInput } from '../../../../src/platform/process/errors.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import type { CustomerId } from '../../../../src/business/tenancy/ids/ids.ts';
import { importSpecialDays } from '../../../../src/business/catalog/opening-hours/opening-hours.ts';
import { aCustomer, asAgent, aSalon, setOpeningHours, useDatabase } from '../../a-business.ts';

const at = useDatabase();
// A Saturday: the shop opens on Monday the 23rd.
const now = new Date('2026-11-21T15:00:00Z');

function appoint(
  tenantId: TenantId,
  input: { service: string; startsAt: string; customerId: CustomerId; now: Date },
): Promise<Booking> {
  return asAgent(at.tenancy, tenantId, (tx, agent) => bookAppointment(tx, agent, input));
}

function move(tenantId: TenantId, { id }: Booking, startsAt: string): Promise<Booking> {
  return asAgent(at.tenancy, tenantId, (tx, agent) => moveBooking(tx, agent, id, { startsAt, now }));
}

function cancel(tenantId: TenantId, { id }: Booking, when = now): Promise<Booking> {
  return asAgent(at.tenancy, tenantId, (tx, agent) => cancelBooking(tx, agent, id, { now: when }));
}

function find(tenantId: TenantId, request: Parameters<typeof findBooking>[1]) {
  return at.tenancy.run({ tenantId }, (tx) => findBooking(tx, request));
}

function freeSlots(tenantId: TenantId, input: Parameters<typeof listFreeSlots>[1]) {
  return at.tenancy.run({ tenantId }, (tx) => listFreeSlots(tx, input));
}

function upcoming(tenantId: TenantId, customerId: CustomerId) {
  return at.tenancy.run({ tenantId }, (tx) => listUpcomingBookings(tx, { customerId, now }));
}

describe('booking an appointment', () => {
  it('takes a free time, and tells it back as it is said', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const booking = await appoint(tenantId, {
      service: 'Trim',
      startsAt: '2026-11-24T10:30',
      customerId: customer.id,
      now,
    });
    expect(booking).toMatchObject({
      reference: 'B-1001',
      serviceName: 'Trim',
      resourceName: 'Chair 1',
      status: 'booked',
      localTime: '2026-11-24T10:30',
      spokenTime: 'Tuesday, November 24 at 10:30 AM',
      startsAt: new Date('2026-11-24T15:30:00Z'),
      endsAt: new Date('2026-11-24T16:30:00Z'),
    });
    expect(await find(tenantId, { reference: 'b 1001' })).toEqual(booking);
  });

  it('refuses a taken time and offers free ones nearby, the buffer being taken too', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const book = (startsAt: string) =>
      appoint(tenantId, { service: 'trim', startsAt, customerId: customer.id, now });
    await book('2026-11-24T10:00');
    await expect(book('2026-11-24T10:30')).rejects.toThrow(
      /10:30 AM is taken\. Free nearby: .*2026-11-24T11:30.*2026-11-24T12:00/,
    );
    await expect(book('2026-11-24T11:00')).rejects.toThrow(Conflict);
    await expect(book('2026-11-24T11:15')).resolves.toMatchObject({ reference: 'B-1002' });
  });

  it('refuses times outside opening hours, on closed days, in the past and a year ahead', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    await asAgent(at.tenancy, tenantId, (tx, agent) =>
      importSpecialDays(tx, agent, [{ date: '2026-11-26', ranges: [], reason: 'Thanksgiving' }]),
    );
    const book = (startsAt: string) =>
      appoint(tenantId, { service: 'trim', startsAt, customerId: customer.id, now });
    await expect(book('2026-11-24T08:00')).rejects.toThrow(/outside opening hours.*2026-11-24T09:00/);
    await expect(book('2026-11-24T17:30')).rejects.toThrow(Conflict);
    await expect(book('2026-11-26T10:00')).rejects.toThrow(Conflict);
    await expect(book('2026-11-20T10:00')).rejects.toThrow(InvalidInput);
    await expect(book('2028-01-03T10:00')).rejects.toThrow(InvalidInput);
    await expect(
      appoint(tenantId, {
        service: 'massage',
        startsAt: '2026-11-24T10:00',
        customerId: customer.id,
        now,
      }),
    ).rejects.toThrow('What can: Trim.');
  });

  it('goes to another resource when the first is busy', async () => {
    const { tenantId, customer } = await aSalon(at.db, { chairs: 2 });
    const book = () =>
      appoint(tenantId, {
        service: 'trim',
        startsAt: '2026-11-24T10:00',
        customerId: customer.id,
        now,
      });
    const resources = [(await book()).resourceName, (await book()).resourceName];
    expect(resources.toSorted()).toEqual(['Chair 1', 'Chair 2']);
    await expect(book()).rejects.toThrow(Conflict);
  });

  it('gives one slot to exactly one of many who want it at the same moment', async () => {
    const { tenantId, service } = await aSalon(at.db);
    const customer = await aCustomer(at.db, tenantId);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        appoint(tenantId, {
          service: service.id,
          startsAt: '2026-11-24T10:00',
          customerId: customer.id,
          now,
        }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const reason of refusals) {
      expect(reason).toBeInstanceOf(Conflict);
      expect((reason as Conflict).message).toMatch(/is taken\. Free nearby/);
    }
  });

  it('is held apart by the database itself, for whoever writes past the service', async () => {
    const { tenantId, service, customer } = await aSalon(at.db);
    const booking = await appoint(tenantId, {
      service: 'trim',
      startsAt: '2026-11-24T10:00',
      customerId: customer.id,
      now,
    });
    const insert = (minutesLater: number) =>
      runInTenant(at.db, tenantId, (transaction) =>
        transaction
          .insertInto('booking')
          .values({
            tenantId,
            id: newId('bkg'),
            reference: newId('ref'),
            serviceId: service.id,
            resourceId: booking.resourceId,
            customerId: customer.id,
            status: 'booked',
            startsAt: new Date(booking.startsAt.getTime() + minutesLater * 60_000),
            endsAt: new Date(booking.startsAt.getTime() + (minutesLater + 60) * 60_000),
            blockedUntil: new Date(booking.startsAt.getTime() + (minutesLater + 75) * 60_000),
          })
          .execute(),
      );
    await expect(insert(0)).rejects.toMatchObject({ code: '23P01' });
    await expect(insert(74)).rejects.toMatchObject({ code: '23P01' });
    await expect(insert(75)).resolves.toBeDefined();
    const raced = await Promise.allSettled(Array.from({ length: 10 }, () => insert(300)));
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('offers, after any mix of bookings, only times that can then be booked', async () => {
    const { tenantId, customer } = await aSalon(at.db, { chairs: 2, service: { durationMinutes: 90 } });
    for (let round = 0; round < 12; round += 1) {
      const slots = await freeSlots(tenantId, {
        service: 'trim',
        fromDate: '2026-11-24',
        days: 1,
        limit: 40,
        now,
      });
      if (slots.length === 0) break;
      const { localTime } = slots[(round * 7) % slots.length]!;
      const booking = { service: 'trim', startsAt: localTime, customerId: customer.id, now };
      await expect(appoint(tenantId, booking)).resolves.toMatchObject({ localTime });
    }
  });

  it('finds free times on the day the clocks change, and across midnight where the shop never closes', async () => {
    const { tenantId, customer } = await aSalon(at.db, { timeZone: 'Europe/London' });
    await setOpeningHours(
      at.db,
      tenantId,
      [6, 7, 1].map((weekday) => ({ weekday, opensAtMinute: 0, closesAtMinute: 1440 })),
    );
    const before = new Date('2026-10-20T08:00:00Z');
    const slots = await freeSlots(tenantId, {
      service: 'trim',
      fromDate: '2026-10-25',
      days: 1,
      limit: 100,
      now: before,
    });
    // 25 hours in half-hour steps, the last hour needing an hour.
    expect(slots).toHaveLength(49);
    const late = { service: 'trim', startsAt: '2026-10-24T23:30', customerId: customer.id, now: before };
    await expect(appoint(tenantId, late)).resolves.toMatchObject({ reference: 'B-1001' });
  });
});

describe('moving and cancelling', () => {
  it('moves a booking, also into time it takes itself, and keeps its number', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const booking = await appoint(tenantId, {
      service: 'trim',
      startsAt: '2026-11-24T10:00',
      customerId: customer.id,
      now,
    });
    const moved = await move(tenantId, booking, '2026-11-24T10:30');
    expect(moved).toMatchObject({ reference: booking.reference, localTime: '2026-11-24T10:30' });
  });

  it('does not move onto another booking, and leaves the transaction of a tool usable', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const book = (startsAt: string) =>
      appoint(tenantId, { service: 'trim', startsAt, customerId: customer.id, now });
    const [first, second] = [await book('2026-11-24T10:00'), await book('2026-11-24T14:00')];
    const stillThere = await asAgent(at.tenancy, tenantId, async (tx, agent) => {
      const moving = moveBooking(tx, agent, second.id, { startsAt: '2026-11-24T10:30', now });
      await expect(moving).rejects.toThrow(/is taken/);
      return findBooking(tx, { reference: second.reference });
    });
    expect(stillThere).toEqual(second);
    expect(await find(tenantId, { id: first.id })).toEqual(first);
  });

  it('lets exactly one of two bookings move to the same free time at once', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const book = (startsAt: string) =>
      appoint(tenantId, { service: 'trim', startsAt, customerId: customer.id, now });
    const bookings = [await book('2026-11-24T10:00'), await book('2026-11-24T14:00')];
    const results = await Promise.allSettled(
      bookings.map((booking) => move(tenantId, booking, '2026-11-25T12:00')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toBeInstanceOf(Conflict);
  });

  it('frees the time of a cancelled booking, and cancels only what is still to come', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const booking = await appoint(tenantId, {
      service: 'trim',
      startsAt: '2026-11-24T10:00',
      customerId: customer.id,
      now,
    });
    const afterwards = new Date('2026-11-25T10:00:00Z');
    await expect(cancel(tenantId, booking, afterwards)).rejects.toThrow(/is past/);
    expect(await cancel(tenantId, booking)).toMatchObject({ status: 'cancelled' });
    await expect(cancel(tenantId, booking)).rejects.toThrow(Conflict);
    const again = { service: 'trim', startsAt: '2026-11-24T10:00', customerId: customer.id, now };
    await expect(appoint(tenantId, again)).resolves.toMatchObject({ status: 'booked' });
  });

  it('moves a booking of a service that is no longer offered', async () => {
    const { tenantId, customer, service } = await aSalon(at.db);
    const booking = await appoint(tenantId, {
      service: 'trim',
      startsAt: '2026-11-24T10:00',
      customerId: customer.id,
      now,
    });
    await asAgent(at.tenancy, tenantId, (tx, agent) =>
      changeService(tx, agent, service.id, { changes: { active: false } }),
    );
    const moved = await move(tenantId, booking, '2026-11-24T12:00');
    expect(moved.localTime).toBe('2026-11-24T12:00');
  });

  it('knows bookings of the customer alone when asked for theirs', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    const stranger = await aCustomer(at.db, tenantId);
    const booking = await appoint(tenantId, {
      service: 'trim',
      startsAt: '2026-11-24T10:00',
      customerId: customer.id,
      now,
    });
    const { reference } = booking;
    expect(await find(tenantId, { reference, customerId: stranger.id })).toBeUndefined();
    expect(await upcoming(tenantId, customer.id)).toEqual([booking]);
    expect(await upcoming(tenantId, stranger.id)).toEqual([]);
  });

  it('takes no bookings on a resource that is out of use', async () => {
    const { tenantId, customer } = await aSalon(at.db);
    await asAgent(at.tenancy, tenantId, async (tx, agent) => {
      const [chair] = (await listResources(tx, { limit: 1 })).data;
      await changeResource(tx, agent, chair!.id, { changes: { active: false } });
    });
    const booking = { service: 'trim', startsAt: '2026-11-24T10:00', customerId: customer.id, now };
    await expect(appoint(tenantId, booking)).rejects.toThrow(/Nothing is free near then/);
  });
});
