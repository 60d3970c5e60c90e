import { type SqlBool, sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { prefixPattern } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { StaffActor } from '../actor/actor.ts';
import { happened } from '../events/events.ts';
import type { SystemTx } from '../tenancy.ts';
import { tenantEvents } from './tenant-events.ts';
import { noSuchTenant, type Tenant } from './tenant-service.ts';

/* The businesses of the platform, as its staff see them. */

export interface ListedTenant extends Tenant {
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
}

export interface TenantFilter {
  /** Prefix of the name or the slug. */
  readonly search?: string | undefined;
  readonly status?: 'active' | 'suspended' | undefined;
}

const columns = ['id', 'slug', 'name', 'timeZone', 'currency', 'createdAt', 'suspendedAt'] as const;
const newestFirst = keyset({ column: 'tenant.id' });

/** Newest first. */
export function listTenants(
  tx: SystemTx,
  { limit, cursor, search, status }: PageRequest & TenantFilter,
): Promise<Page<ListedTenant>> {
  let query = tx.selectFrom('tenant').select(columns);
  if (status !== undefined) query = query.where('suspendedAt', status === 'active' ? 'is' : 'is not', null);
  if (search !== undefined) {
    const pattern = prefixPattern(search);
    query = query.where(sql<SqlBool>`(lower(name) like ${pattern} or slug like ${pattern})`);
  }
  return newestFirst.page(query, { limit, cursor, direction: 'desc' });
}

export async function getListedTenant(tx: SystemTx, tenantId: TenantId): Promise<ListedTenant> {
  const tenant = await tx.selectFrom('tenant').select(columns).where('id', '=', tenantId).executeTakeFirst();
  return tenant ?? noSuchTenant();
}

/** Refuses its members and API keys, and stops its agents from answering calls, until it is restored. */
export function suspendTenant(
  tx: SystemTx,
  actor: StaffActor,
  { tenantId, reason }: { readonly tenantId: TenantId; readonly reason: string },
  now: Date,
): Promise<ListedTenant> {
  return setSuspended(tx, actor, { tenantId, reason, suspendedAt: now });
}

export function restoreTenant(
  tx: SystemTx,
  actor: StaffActor,
  { tenantId, reason }: { readonly tenantId: TenantId; readonly reason: string },
): Promise<ListedTenant> {
  return setSuspended(tx, actor, { tenantId, reason, suspendedAt: null });
}

async function setSuspended(
  tx: SystemTx,
  actor: StaffActor,
  change: { readonly tenantId: TenantId; readonly reason: string; readonly suspendedAt: Date | null },
): Promise<ListedTenant> {
  const { tenantId, reason, suspendedAt } = change;
  const tenant = await tx
    .updateTable('tenant')
    .set({ suspendedAt })
    .where('id', '=', tenantId)
    .where('suspendedAt', suspendedAt === null ? 'is not' : 'is', null)
    .returning(columns)
    .executeTakeFirst();
  if (tenant === undefined) {
    await getListedTenant(tx, tenantId);
    throw suspendedAt === null
      ? new Conflict('This business is not suspended.', { code: 'not-suspended' })
      : new Conflict('This business is suspended already.', { code: 'already-suspended' });
  }
  const fact = suspendedAt === null ? tenantEvents.restored : tenantEvents.suspended;
  await happened(tx, { ...actor, tenantId }, fact({ subject: tenantId, details: { reason } }));
  return tenant;
}

export async function countTenants(
  tx: SystemTx,
): Promise<{ readonly tenants: number; readonly suspendedTenants: number }> {
  return tx
    .selectFrom('tenant')
    .select([
      sql<number>`count(*)::int`.as('tenants'),
      sql<number>`(count(*) filter (where suspended_at is not null))::int`.as('suspendedTenants'),
    ])
    .executeTakeFirstOrThrow();
}

/** Sign-ups by day (UTC); days without any are left out. */
export async function countNewTenants(
  tx: SystemTx,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<ReadonlyMap<string, number>> {
  const day = sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')`;
  const rows = await tx
    .selectFrom('tenant')
    .select([day.as('day'), sql<number>`count(*)::int`.as('count')])
    .where('createdAt', '>=', from)
    .where('createdAt', '<', until)
    .groupBy(day)
    .execute();
  return new Map(rows.map(({ day: date, count }) => [date, count]));
}
