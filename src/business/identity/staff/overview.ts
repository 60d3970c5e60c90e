import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { PersonId } from '../../tenancy/references/ids.ts';
import { blindIndexes, decrypt } from '../../../platform/crypto/personal-data.ts';
import type { StaffActor } from '../../tenancy/access/actor.ts';
import type { Role } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { recordAction } from './accounts.ts';
import * as queries from './overview-queries.ts';

const dayMs = 24 * 3_600_000;
const recentMs = 30 * dayMs;
const longestSpanDays = 92;

interface PageKey {
  readonly before: string | undefined;
  readonly limit: number;
}

export function listTenants(
  db: Db,
  filter: queries.TenantFilter & PageKey,
): Promise<readonly queries.TenantRow[]> {
  return withSystem(db, (system) => queries.listTenants(system, filter));
}

export type TenantDetail = queries.TenantRow & {
  readonly counts: {
    readonly members: number;
    readonly agents: number;
    readonly phoneNumbers: number;
    /** Of the last 30 days. */
    readonly recentCalls: number;
  };
};

export function getTenantDetail(db: Db, tenantId: TenantId, now: Date): Promise<TenantDetail> {
  return withSystem(db, async (system) => {
    const tenant = await queries.findTenant(system, tenantId);
    if (tenant === undefined) throw noSuchTenant();
    const counts = await queries.countInTenant(system, tenantId, new Date(now.getTime() - recentMs));
    const { members, agents, phoneNumbers, recentCalls } = counts;
    return {
      ...tenant,
      counts: {
        members: members ?? 0,
        agents: agents ?? 0,
        phoneNumbers: phoneNumbers ?? 0,
        recentCalls: recentCalls ?? 0,
      },
    };
  });
}

/** Its people and programs are refused, and its line is not answered by the agent, until it is restored. */
export function suspendTenant(
  db: Db,
  actor: StaffActor,
  input: { readonly tenantId: TenantId; readonly reason: string; readonly now: Date },
): Promise<queries.TenantRow> {
  return setSuspended(db, actor, { ...input, suspendedAt: input.now, action: 'tenant.suspended' });
}

export function restoreTenant(
  db: Db,
  actor: StaffActor,
  input: { readonly tenantId: TenantId; readonly reason: string },
): Promise<queries.TenantRow> {
  return setSuspended(db, actor, { ...input, suspendedAt: null, action: 'tenant.restored' });
}

function setSuspended(
  db: Db,
  actor: StaffActor,
  change: {
    readonly tenantId: TenantId;
    readonly reason: string;
    readonly suspendedAt: Date | null;
    readonly action: 'tenant.suspended' | 'tenant.restored';
  },
): Promise<queries.TenantRow> {
  const { tenantId, reason, suspendedAt, action } = change;
  return withSystem(db, async (system) => {
    const tenant = await queries.setSuspended(system, tenantId, suspendedAt);
    if (tenant === undefined) {
      if ((await queries.findTenant(system, tenantId)) === undefined) throw noSuchTenant();
      throw suspendedAt === null
        ? new Conflict('This business is not suspended.', { code: 'not-suspended' })
        : new Conflict('This business is suspended already.', { code: 'already-suspended' });
    }
    await recordAction(system, actor, action, tenantId, { reason });
    await recordChange(
      system,
      { ...actor, tenantId },
      {
        action,
        resource: 'tenant',
        resourceId: tenantId,
        after: { reason },
      },
    );
    return tenant;
  });
}

export interface PlatformUser {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly memberships: readonly {
    readonly tenantId: TenantId;
    readonly tenantName: string;
    readonly role: Role;
  }[];
}

export interface UserFilter {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly name?: string | undefined;
}

/** Addresses and numbers are found whole or not at all: they are kept encrypted. */
export function listUsers(
  db: Db,
  { email, phone, name, ...page }: UserFilter & PageKey,
): Promise<readonly PlatformUser[]> {
  return withSystem(db, async (system) => {
    const people = await queries.listPeople(system, {
      ...page,
      name,
      emailIndexes: email === undefined ? undefined : blindIndexes(email),
      phoneIndexes: phone === undefined ? undefined : blindIndexes(phone),
    });
    if (people.length === 0) return [];
    const ids = people.map(({ id }) => id);
    const byPerson = Map.groupBy(await queries.listMembershipsOf(system, ids), ({ personId }) => personId);
    return people.map(({ emailEncrypted, phoneEncrypted, ...person }) => ({
      ...person,
      email: emailEncrypted === null ? null : decrypt(emailEncrypted),
      phone: phoneEncrypted === null ? null : decrypt(phoneEncrypted),
      memberships: (byPerson.get(person.id) ?? []).map(({ tenantId, tenantName, role }) => ({
        tenantId,
        tenantName,
        role,
      })),
    }));
  });
}

export interface PlatformStatistics {
  readonly tenants: number;
  readonly suspendedTenants: number;
  readonly people: number;
  readonly days: readonly queries.DayOfPlatform[];
}

/** From the first day to the last, both included. */
export function platformStatistics(
  db: Db,
  span: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: Date,
): Promise<PlatformStatistics> {
  const to = span.to ?? now.toISOString().slice(0, 10);
  const until = new Date(Date.parse(to) + dayMs);
  const from = span.from === undefined ? new Date(until.getTime() - recentMs) : new Date(span.from);
  const days = (until.getTime() - from.getTime()) / dayMs;
  if (days < 1 || days > longestSpanDays) {
    throw new InvalidInput(
      `Ask for 1 to ${longestSpanDays} days.`,
      [
        {
          pointer: '/querystring/from',
          detail: 'must not be after `to`, nor more than 92 days before its end',
        },
      ],
      { code: 'range-not-valid' },
    );
  }
  return withSystem(db, async (system) => {
    const { tenants, suspendedTenants, people } = await queries.countAll(system);
    return {
      tenants: tenants ?? 0,
      suspendedTenants: suspendedTenants ?? 0,
      people: people ?? 0,
      days: await queries.countByDay(system, { from, until }),
    };
  });
}

function noSuchTenant(): NotFound {
  return new NotFound('There is no such business.');
}
