import { type Insertable, sql } from 'kysely';
import type { ImpersonationTable } from './impersonation-table.ts';
import type { StaffActionTable } from './staff-action-table.ts';
import type { StaffSessionTable } from './staff-session-table.ts';
import type { StaffTable } from './staff-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/references/ids.ts';

// All of it is work across tenants.

const columns = ['id', 'name', 'emailEncrypted', 'createdBy', 'createdAt', 'disabledAt'] as const;

export function insertStaff(db: Db, staff: Insertable<StaffTable>) {
  return db
    .insertInto('staff')
    .values(staff)
    .onConflict((conflict) => conflict.column('emailIndex').doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export type StaffRow = NonNullable<Awaited<ReturnType<typeof insertStaff>>>;

export function findStaffByEmail(db: Db, indexes: readonly string[]) {
  return db
    .selectFrom('staff')
    .select([...columns, 'passwordHash'])
    .where('emailIndex', 'in', indexes)
    .executeTakeFirst();
}

/** Oldest first. */
export function listStaff(db: Db, page: { readonly after: string | undefined; readonly limit: number }) {
  return db
    .selectFrom('staff')
    .select(columns)
    .where('id', '>', (page.after ?? '') as StaffId)
    .orderBy('id')
    .limit(page.limit)
    .execute();
}

export function disableStaff(db: Db, staffId: StaffId, now: Date) {
  return db
    .updateTable('staff')
    .set({ disabledAt: sql<Date>`coalesce(disabled_at, ${now})` })
    .where('id', '=', staffId)
    .returning(columns)
    .executeTakeFirst();
}

export function insertSession(db: Db, session: Insertable<StaffSessionTable>) {
  return db.insertInto('staffSession').values(session).execute();
}

export function endSession(db: Db, sessionId: string, now: Date) {
  return db
    .updateTable('staffSession')
    .set({ endedAt: now })
    .where('id', '=', sessionId)
    .where('endedAt', 'is', null)
    .execute();
}

function selectLiveSessions(db: Db, now: Date) {
  return db
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('staffSession.endedAt', 'is', null)
    .where('staffSession.expiresAt', '>', now)
    .where('staff.disabledAt', 'is', null);
}

export function findLiveSession(db: Db, key: { sessionId: string; staffId: StaffId }, now: Date) {
  return selectLiveSessions(db, now)
    .select('staffSession.id')
    .where('staffSession.id', '=', key.sessionId)
    .where('staff.id', '=', key.staffId)
    .executeTakeFirst();
}

export interface ImpersonationKey {
  readonly impersonationId: string;
  readonly staffId: StaffId;
  readonly tenantId: TenantId;
}

/** Over with the session it was begun in, too. */
export function findLiveImpersonation(db: Db, key: ImpersonationKey, now: Date) {
  return selectLiveSessions(db, now)
    .innerJoin('impersonation', 'impersonation.staffSessionId', 'staffSession.id')
    .select('impersonation.id')
    .where('impersonation.tenantId', '=', key.tenantId)
    .where('impersonation.id', '=', key.impersonationId)
    .where('impersonation.staffId', '=', key.staffId)
    .where('impersonation.endedAt', 'is', null)
    .where('impersonation.expiresAt', '>', now)
    .executeTakeFirst();
}

export function insertImpersonation(db: Db, impersonation: Insertable<ImpersonationTable>) {
  return db.insertInto('impersonation').values(impersonation).execute();
}

export function endImpersonation(
  db: Db,
  key: { readonly impersonationId: string; readonly staffId: StaffId },
  now: Date,
) {
  return db
    .updateTable('impersonation')
    .set({ endedAt: now })
    .where('id', '=', key.impersonationId)
    .where('staffId', '=', key.staffId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning(['id', 'tenantId'])
    .executeTakeFirst();
}

export function insertAction(db: Db, action: Insertable<StaffActionTable>) {
  return db.insertInto('staffAction').values(action).execute();
}
