import { sql } from 'kysely';
import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { BookingStatus } from './booking-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { exclusionViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId, CallId, CustomerId, ServiceId } from '../../tenancy/references/ids.ts';
import type { OpeningException, WeeklyHours } from './opening-times.ts';
import type { Service } from './offer.ts';

const serviceColumns = [
  'id',
  'slug',
  'name',
  'description',
  'durationMinutes',
  'bufferMinutes',
  'priceMinor',
  'currency',
  'active',
] as const;

export function upsertService(db: Db, tenantId: TenantId, service: Service) {
  const { id: _, slug: __, ...changes } = service;
  return db
    .insertInto('service')
    .values({ tenantId, ...service })
    .onConflict((conflict) =>
      // What was put away is brought back.
      conflict.columns(['tenantId', 'slug']).doUpdateSet({ ...changes, archivedAt: null }),
    )
    .returning(serviceColumns)
    .executeTakeFirstOrThrow();
}

export function listServices(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('service')
    .select(serviceColumns)
    .where('tenantId', '=', tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

export interface NewResource {
  readonly id: BookingResourceId;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
}

export function upsertResource(db: Db, tenantId: TenantId, resource: NewResource) {
  const { name, active } = resource;
  return db
    .insertInto('bookingResource')
    .values({ tenantId, ...resource })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'slug']).doUpdateSet({ name, active, archivedAt: null }),
    )
    .returning(['id', 'slug', 'name', 'active'])
    .executeTakeFirstOrThrow();
}

/** Who performs the service: those it names, or everybody when it names none. */
export function listPerformers(db: Db, tenantId: TenantId, serviceId: ServiceId) {
  return db
    .selectFrom('bookingResource')
    .select(['id', 'name'])
    .where('tenantId', '=', tenantId)
    .where('active', '=', true)
    .where((row) => {
      const assigned = row
        .selectFrom('serviceResource')
        .select('serviceResource.resourceId')
        .where('serviceResource.tenantId', '=', tenantId)
        .where('serviceResource.serviceId', '=', serviceId);
      return row.or([
        row.not(row.exists(assigned)),
        row.exists(assigned.whereRef('serviceResource.resourceId', '=', 'bookingResource.id')),
      ]);
    })
    .orderBy('slug')
    .execute();
}

export async function replaceWeeklyHours(db: Db, tenantId: TenantId, hours: readonly WeeklyHours[]) {
  await db.deleteFrom('openingHours').where('tenantId', '=', tenantId).execute();
  if (hours.length === 0) return;
  await db
    .insertInto('openingHours')
    .values(
      hours.map(({ weekday, opensAtMinute, closesAtMinute }) => ({
        tenantId,
        weekday,
        opensAtMinute,
        closesAtMinute,
      })),
    )
    .execute();
}

export function listWeeklyHours(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('openingHours')
    .select(['weekday', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tenantId)
    .orderBy('weekday')
    .orderBy('opensAtMinute')
    .execute();
}

/** Other hours, or none, on some days; replaces what was said of those days. */
export async function replaceExceptions(
  db: Db,
  tenantId: TenantId,
  rows: readonly (OpeningException & { readonly reason: string })[],
) {
  const dates = rows.map(({ localDate }) => localDate);
  await db
    .deleteFrom('openingException')
    .where('tenantId', '=', tenantId)
    .where('localDate', 'in', dates)
    .execute();
  await db
    .insertInto('openingException')
    .values(rows.map((row) => ({ tenantId, ...row })))
    .execute();
}
/** Both days included. Dates compare as text because they are written year first. */
export function listExceptions(db: Db, tenantId: TenantId, firstDate: string, lastDate: string) {
  return db
    .selectFrom('openingException')
    .select(['localDate', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tenantId)
    .where('localDate', '>=', firstDate)
    .where('localDate', '<=', lastDate)
    .execute();
}

/** What keeps resources busy between two instants, one booking (the one being moved) left out. */
export function listBusy(
  db: Db,
  tenantId: TenantId,
  between: { readonly from: Date; readonly until: Date; readonly except?: BookingId | undefined },
) {
  const query = db
    .selectFrom('booking')
    .select(['resourceId', 'startsAt', 'blockedUntil'])
    .where('tenantId', '=', tenantId)
    .where('status', '=', 'booked')
    .where('startsAt', '<', between.until)
    .where('blockedUntil', '>', between.from);
  return (between.except === undefined ? query : query.where('id', '!=', between.except)).execute();
}

export interface BookedTime {
  readonly resourceId: BookingResourceId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly blockedUntil: Date;
}

export interface NewBooking extends BookedTime {
  readonly id: BookingId;
  readonly reference: string;
  readonly serviceId: ServiceId;
  readonly customerId: CustomerId;
  readonly callId: CallId | null;
  readonly note: string | null;
}

/**
 * False when the exclusion constraint refused the time. Waits for a rival that is about to commit, and leaves the
 * transaction usable, which an error would not.
 */
export async function insertBookingIfFree(db: Db, tenantId: TenantId, booking: NewBooking): Promise<boolean> {
  const inserted = await db
    .insertInto('booking')
    .values({ tenantId, ...booking, status: 'booked' })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** False when the exclusion constraint refused the time; the savepoint keeps the transaction usable then. */
export async function moveBookingIfFree(
  db: Db,
  tenantId: TenantId,
  bookingId: BookingId,
  time: BookedTime,
): Promise<boolean> {
  return unlessRefused(db, [exclusionViolation], () =>
    db
      .updateTable('booking')
      .set({ ...time, updatedAt: sql<Date>`now()` })
      .where('tenantId', '=', tenantId)
      .where('id', '=', bookingId)
      .execute(),
  );
}

export function setNote(db: Db, tenantId: TenantId, bookingId: BookingId, note: string | null) {
  return db
    .updateTable('booking')
    .set({ note, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', bookingId)
    .execute();
}

export function setStatus(db: Db, tenantId: TenantId, bookingId: BookingId, status: BookingStatus) {
  return db
    .updateTable('booking')
    .set({ status, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', bookingId)
    .execute();
}

export interface BookingKey {
  readonly id?: BookingId | undefined;
  readonly reference?: string | undefined;
  /** Only a booking of this customer. */
  readonly customerId?: CustomerId | undefined;
}

export function selectBookings(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('booking')
    .innerJoin('service', (join) =>
      join.onRef('service.tenantId', '=', 'booking.tenantId').onRef('service.id', '=', 'booking.serviceId'),
    )
    .innerJoin('bookingResource', (join) =>
      join
        .onRef('bookingResource.tenantId', '=', 'booking.tenantId')
        .onRef('bookingResource.id', '=', 'booking.resourceId'),
    )
    .select([
      'booking.id',
      'booking.reference',
      'booking.serviceId',
      'service.name as serviceName',
      'booking.resourceId',
      'bookingResource.name as resourceName',
      'booking.customerId',
      'booking.callId',
      'booking.status',
      'booking.startsAt',
      'booking.endsAt',
      'booking.note',
      'booking.createdAt',
      'booking.updatedAt',
    ])
    .where('booking.tenantId', '=', tenantId);
}

export function findBooking(db: Db, tenantId: TenantId, { id, reference, customerId }: BookingKey) {
  return selectBookings(db, tenantId)
    .$if(id !== undefined, (query) => query.where('booking.id', '=', id!))
    .$if(id === undefined, (query) => query.where('booking.reference', '=', reference ?? ''))
    .$if(customerId !== undefined, (query) => query.where('booking.customerId', '=', customerId!))
    .executeTakeFirst();
}

/** Holds the booking until the transaction ends. */
export function lockBooking(db: Db, tenantId: TenantId, bookingId: BookingId) {
  return db
    .selectFrom('booking')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', '=', bookingId)
    .forUpdate()
    .executeTakeFirst();
}

/** Soonest first. */
export function listUpcoming(db: Db, tenantId: TenantId, customerId: CustomerId, from: Date, limit: number) {
  return selectBookings(db, tenantId)
    .where('booking.customerId', '=', customerId)
    .where('booking.status', '=', 'booked')
    .where('booking.endsAt', '>', from)
    .orderBy('booking.startsAt')
    .limit(limit)
    .execute();
}
