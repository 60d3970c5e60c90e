import { Forbidden } from '../../../platform/process/errors.ts';
import { type StaffClaims } from '../../tenancy/access/access.ts';
import { type Actor, type Permission, permissions, type StaffActor } from '../../tenancy/actor/actor.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { selectLiveSessions } from './staff-sessions.ts';

/** Permissions withheld from impersonations, because they could outlast one or give access to others. */
const withheld: ReadonlySet<Permission> = new Set(['api-keys:write', 'members:write']);
const none: ReadonlySet<Permission> = new Set();
const impersonating: ReadonlySet<Permission> = new Set(
  permissions.filter((permission) => !withheld.has(permission)),
);

/** The actor of a staff token; undefined if its session or impersonation has ended. */
export async function findStaffActor(
  tx: SystemTx,
  { staffId, sessionId, tenantId }: StaffClaims,
  now: Date,
): Promise<Omit<StaffActor, 'address'> | undefined> {
  const sessions = selectLiveSessions(tx, now);
  if (tenantId === undefined) {
    const session = await sessions
      .select('staffSession.id')
      .where('staffSession.id', '=', sessionId)
      .where('staff.id', '=', staffId)
      .executeTakeFirst();
    return session && { type: 'staff', staffId, sessionId, tenantId, permissions: none };
  }
  // An impersonation ends with the session in which it was started.
  const impersonation = await sessions
    .innerJoin('impersonation', 'impersonation.staffSessionId', 'staffSession.id')
    .select('impersonation.id')
    .where('impersonation.tenantId', '=', tenantId)
    .where('impersonation.id', '=', sessionId)
    .where('impersonation.staffId', '=', staffId)
    .where('impersonation.endedAt', 'is', null)
    .where('impersonation.expiresAt', '>', now)
    .executeTakeFirst();
  return impersonation && { type: 'staff', staffId, sessionId, tenantId, permissions: impersonating };
}

/** The member of staff; refuses tokens of impersonations, which are valid for the business only. */
export function staffOrRefused(actor: Actor | undefined): StaffActor {
  if (actor?.type === 'staff' && actor.tenantId === undefined) return actor;
  throw new Forbidden('This token acts for a business; use your own for the platform.', {
    code: 'staff-only',
  });
}

/** Runs `work` in a transaction across tenants, with the member of staff who makes the request. */
export function asStaff<Result>(
  tenancy: Tenancy,
  actor: Actor | undefined,
  work: (tx: SystemTx, staff: StaffActor) => Promise<Result>,
): Promise<Result> {
  const staff = staffOrRefused(actor);
  return tenancy.system((tx) => work(tx, staff));
}
