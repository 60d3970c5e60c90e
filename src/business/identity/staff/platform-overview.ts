import { z } from 'zod';
import type { TenantId } from '../../../platform/data/ids.ts';
import { type Page, pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import { roles } from '../../tenancy/actor/actor.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { countNewTenants, countTenants } from '../../tenancy/tenants/tenants.ts';
import { membershipsOf } from '../members/members.ts';
import { countPeople, listPeople } from '../people/people.ts';

/* People and statistics of the whole platform. */

/** Figures from other rooms, passed in by the root. */
export interface PlatformFigures {
  countInTenant(
    tx: SystemTx,
    tenantId: TenantId,
    callsSince: Date,
  ): Promise<{ readonly agents: number; readonly phoneNumbers: number; readonly recentCalls: number }>;
  /** By day (UTC); days without calls may be left out. */
  callsByDay(tx: SystemTx, span: Span): Promise<ReadonlyMap<string, CallsOfDay>>;
}

export interface Span {
  readonly from: Date;
  /** Exclusive. */
  readonly until: Date;
}

export interface CallsOfDay {
  readonly calls: number;
  readonly minutes: number;
  readonly faults: number;
}

const date = z.iso.date().optional();

export const userQuery = z.object({
  ...pageQuery.shape,
  email: z.email().toLowerCase().optional().describe('The whole address.'),
  phone: z.e164().optional().describe('The whole number.'),
  name: z.string().trim().min(1).max(100).optional().describe('How the name begins.'),
});

const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    createdAt: instant,
    disabledAt: instant.nullable(),
    memberships: z.array(
      z.object({ tenant: z.object({ id: z.string(), name: z.string() }), role: z.enum(roles) }),
    ),
  })
  .meta({
    id: 'PlatformUser',
    examples: [
      {
        id: 'per_01k9zt5w3pe0wsh7v6n0gq5m8y',
        name: 'Robin Okafor',
        email: 'robin@harbourstreet.example',
        phone: null,
        createdAt: '2026-03-02T09:00:00.000Z',
        disabledAt: null,
        memberships: [
          {
            tenant: { id: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z', name: 'Harbour Street Cycles' },
            role: 'owner',
          },
        ],
      },
    ],
  });

export const userPageSchema = pageOf(userSchema).meta({ id: 'PlatformUserPage' });

export const statisticsQuery = z.object({
  from: date.describe('The first day, UTC; 30 days before the end by default.'),
  to: date.describe('The last day, UTC; today by default.'),
});

export const statisticsSchema = z
  .object({
    tenants: z.number().int(),
    suspendedTenants: z.number().int(),
    people: z.number().int(),
    days: z.array(
      z.object({
        date: z.string(),
        newTenants: z.number().int(),
        calls: z.number().int(),
        minutes: z.number(),
        faults: z.number().int().describe('Errors that calls of the day met, at vendors or here.'),
      }),
    ),
  })
  .meta({
    id: 'PlatformStatistics',
    examples: [
      {
        tenants: 48,
        suspendedTenants: 1,
        people: 131,
        days: [{ date: '2026-03-02', newTenants: 2, calls: 841, minutes: 2103.4, faults: 3 }],
      },
    ],
  });

const dayMs = 24 * 3_600_000;
const recentMs = 30 * dayMs;
const longestSpanDays = 92;

/** The people of all businesses, newest first. */
export async function listUsers(
  tx: SystemTx,
  query: z.output<typeof userQuery>,
): Promise<Page<z.output<typeof userSchema>>> {
  const { data, nextCursor } = await listPeople(tx, query);
  const memberships = await membershipsOf(
    tx,
    data.map(({ id }) => id),
  );
  const users = data.map(({ id, name, email, phone, createdAt, disabledAt }) => ({
    id,
    name,
    email,
    phone,
    createdAt,
    disabledAt,
    memberships: (memberships.get(id) ?? []).map(({ tenantId, tenantName, role }) => ({
      tenant: { id: tenantId, name: tenantName },
      role,
    })),
  }));
  return { data: users, nextCursor };
}

/** From the first day to the last, both inclusive, with days without any data. */
export async function platformStatistics(
  tx: SystemTx,
  figures: PlatformFigures,
  query: z.output<typeof statisticsQuery>,
  now: Date,
): Promise<z.output<typeof statisticsSchema>> {
  const span = spanOf(query, now);
  const newTenants = await countNewTenants(tx, span);
  const calls = await figures.callsByDay(tx, span);
  const none: CallsOfDay = { calls: 0, minutes: 0, faults: 0 };
  return {
    ...(await countTenants(tx)),
    people: await countPeople(tx),
    days: daysOf(span).map((day) => ({
      date: day,
      newTenants: newTenants.get(day) ?? 0,
      ...(calls.get(day) ?? none),
    })),
  };
}

function spanOf({ from: firstDay, to }: z.output<typeof statisticsQuery>, now: Date): Span {
  const until = new Date(Date.parse(to ?? dayOf(now)) + dayMs);
  const from = firstDay === undefined ? new Date(until.getTime() - recentMs) : new Date(firstDay);
  const days = (until.getTime() - from.getTime()) / dayMs;
  if (days >= 1 && days <= longestSpanDays) return { from, until };
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

function daysOf({ from, until }: Span): readonly string[] {
  const count = (until.getTime() - from.getTime()) / dayMs;
  return Array.from({ length: count }, (_, index) => dayOf(new Date(from.getTime() + index * dayMs)));
}

function dayOf(instantOfDay: Date): string {
  return instantOfDay.toISOString().slice(0, 10);
}
