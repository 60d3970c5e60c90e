import type { Clock } from '../../../platform/process/clock.ts';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { HttpServer } from '../../../platform/http/http.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/references/ids.ts';
import type { SessionTokens } from '../../tenancy/access/session-token.ts';
import { isInTenant, type StaffActor } from '../../tenancy/access/actor.ts';
import { type Permission, permissions } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { recordAction } from './accounts.ts';
import * as overview from './overview-queries.ts';
import * as queries from './queries.ts';

/** Long enough to look into something with the customer on the phone; whoever needs longer gives a reason again. */
export const longestImpersonationMinutes = 30;

/** What would outlast the half hour, or let somebody else in, stays with the tenant's own people. */
const withheld: ReadonlySet<Permission> = new Set(['api-keys:write', 'members:write']);

export interface StartedImpersonation {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/** A token for the tenant's place, on record there before it is given out. */
export async function startImpersonation(
  { db, clock, tokens }: { readonly db: Db; readonly clock: Clock; readonly tokens: SessionTokens },
  actor: StaffActor,
  input: { readonly tenantId: TenantId; readonly reason: string; readonly minutes: number },
): Promise<StartedImpersonation> {
  const { tenantId, reason, minutes } = input;
  const now = clock.date();
  const id = newId('imp');
  const expiresAt = new Date(now.getTime() + minutes * 60_000);
  const tenantName = await withSystem(db, async (system) => {
    const tenant = await overview.findTenant(system, tenantId);
    if (tenant === undefined) throw new NotFound('There is no such business.');
    await queries.insertImpersonation(system, {
      tenantId,
      id,
      staffSessionId: actor.sessionId,
      staffId: actor.staffId,
      reason,
      createdAt: now,
      expiresAt,
      endedAt: null,
    });
    await recordAction(system, actor, 'impersonation.started', tenantId, { id, reason, minutes });
    await recordChange(
      system,
      { ...actor, tenantId },
      {
        action: 'impersonation.started',
        resource: 'impersonation',
        resourceId: id,
        after: { reason, expiresAt },
      },
    );
    return tenant.name;
  });
  const claims = { kind: 'staff', staffId: actor.staffId, sessionId: id, tenantId } as const;
  return { id, tenantId, tenantName, expiresAt, accessToken: await tokens.issue(claims, minutes * 60) };
}

/** By the one who began it. */
export async function endImpersonation(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: StaffActor,
  impersonationId: string,
): Promise<void> {
  await withSystem(db, async (system) => {
    const key = { impersonationId, staffId: actor.staffId };
    const ended = await queries.endImpersonation(system, key, clock.date());
    if (ended === undefined) throw new NotFound('There is no such impersonation, or it has ended.');
    const { tenantId } = ended;
    await recordAction(system, actor, 'impersonation.ended', tenantId, { id: impersonationId });
    await recordChange(
      system,
      { ...actor, tenantId },
      {
        action: 'impersonation.ended',
        resource: 'impersonation',
        resourceId: impersonationId,
      },
    );
  });
}

export interface StaffClaims {
  readonly staffId: StaffId;
  /** Of the staff's session; with a tenant, the impersonation's. */
  readonly sessionId: string;
  readonly tenantId?: TenantId | undefined;
}

/** Who a staff's token stands for now; undefined when the session or the impersonation is over. */
export function findStaff(
  db: Db,
  { staffId, sessionId, tenantId }: StaffClaims,
  now: Date,
): Promise<Omit<StaffActor, 'address'> | undefined> {
  return withSystem(db, async (system) => {
    if (tenantId === undefined) {
      const session = await queries.findLiveSession(system, { sessionId, staffId }, now);
      return session && { type: 'staff', staffId, sessionId, tenantId, permissions: new Set<Permission>() };
    }
    const key = { impersonationId: sessionId, staffId, tenantId };
    const impersonation = await queries.findLiveImpersonation(system, key, now);
    const allowed = new Set(permissions.filter((permission) => !withheld.has(permission)));
    return impersonation && { type: 'staff', staffId, sessionId, tenantId, permissions: allowed };
  });
}

/**
 * Whatever is done in a tenant's place, looking included, is in that tenant's audit log before it is done. What it
 * changes is there besides, as everybody's changes are.
 */
export function recordImpersonatedRequests(app: HttpServer, { db }: { readonly db: Db }): void {
  app.addHook('preHandler', async (request) => {
    const { actor } = request;
    if (actor?.type !== 'staff' || !isInTenant(actor)) return;
    await inTenant(db, actor.tenantId, (transaction) =>
      recordChange(transaction, actor, {
        action: 'impersonation.request',
        resource: 'impersonation',
        resourceId: actor.sessionId,
        // Without what stands behind the question mark: people search for people there.
        after: { method: request.method, path: request.url.split('?', 1)[0] },
      }),
    );
  });
}
