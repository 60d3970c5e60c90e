import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { PersonId } from '../../tenancy/references/ids.ts';

const tenantColumns = ['id', 'slug', 'name', 'timeZone', 'currency', 'createdAt', 'suspendedAt'] as const;

export interface TenantFilter {
  /** How the name or the slug begins. */
  readonly search?: string | undefined;
  readonly status?: 'active' | 'suspended' | undefined;
}

interface Page {
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listTenants(db: Db, { search, status, before, limit }: TenantFilter & Page) {
  const start = search === undefined ? undefined : startsWith(search);
  return db
    .selectFrom('tenant')
    .select(tenantColumns)
    .$if(before !== undefined, (query) => query.where('id', '<', before as TenantId))
    .$if(status === 'active', (query) => query.where('suspendedAt', 'is', null))
    .$if(status === 'suspended', (query) => query.where('suspendedAt', 'is not', null))
    .$if(start !== undefined, (query) =>
      query.where((row) =>
        row.or([sql<boolean>`lower(name) like ${start}`, sql<boolean>`slug like ${start}`]),
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export type TenantRow = Awaited<ReturnType<typeof listTenants>>[number];

export function findTenant(db: Db, tenantId: TenantId) {
  return db.selectFrom('tenant').select(tenantColumns).where('id', '=', tenantId).executeTakeFirst();
}

export async function countInTenant(db: Db, tenantId: TenantId, since: Date) {
  return db
    .selectNoFrom((row) => [
      row
        .selectFrom('member')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('tenantId', '=', tenantId)
        .where('status', '=', 'active')
        .as('members'),
      row
        .selectFrom('agent')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('tenantId', '=', tenantId)
        .as('agents'),
      row
        .selectFrom('phoneNumber')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('tenantId', '=', tenantId)
        .as('phoneNumbers'),
      row
        .selectFrom('call')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('tenantId', '=', tenantId)
        .where('startedAt', '>=', since)
        .as('recentCalls'),
    ])
    .executeTakeFirstOrThrow();
}

/** Undefined when it was so already. */
export function setSuspended(db: Db, tenantId: TenantId, suspendedAt: Date | null) {
  return db
    .updateTable('tenant')
    .set({ suspendedAt })
    .where('id', '=', tenantId)
    .where('suspendedAt', suspendedAt === null ? 'is not' : 'is', null)
    .returning(tenantColumns)
    .executeTakeFirst();
}

export interface PersonFilter {
  readonly emailIndexes?: readonly string[] | undefined;
  readonly phoneIndexes?: readonly string[] | undefined;
  /** How the name begins. */
  readonly name?: string | undefined;
}

/** Newest first. */
export function listPeople(db: Db, { emailIndexes, phoneIndexes, name, before, limit }: PersonFilter & Page) {
  return db
    .selectFrom('person')
    .select(['id', 'name', 'emailEncrypted', 'phoneEncrypted', 'createdAt', 'disabledAt'])
    .$if(before !== undefined, (query) => query.where('id', '<', before as PersonId))
    .$if(emailIndexes !== undefined, (query) => query.where('emailIndex', 'in', emailIndexes!))
    .$if(phoneIndexes !== undefined, (query) => query.where('phoneIndex', 'in', phoneIndexes!))
    .$if(name !== undefined, (query) => query.where(sql<boolean>`lower(name) like ${startsWith(name!)}`))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function listMembershipsOf(db: Db, people: readonly PersonId[]) {
  return db
    .selectFrom('member')
    .innerJoin('tenant', 'tenant.id', 'member.tenantId')
    .select(['member.personId', 'member.role', 'tenant.id as tenantId', 'tenant.name as tenantName'])
    .where('member.personId', 'in', people)
    .where('member.status', '=', 'active')
    .orderBy('member.tenantId')
    .execute();
}

export function countAll(db: Db) {
  return db
    .selectNoFrom((row) => [
      row
        .selectFrom('tenant')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('tenants'),
      row
        .selectFrom('tenant')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('suspendedAt', 'is not', null)
        .as('suspendedTenants'),
      row
        .selectFrom('person')
        .select(sql<number>`count(*)::int`.as('count'))
        .as('people'),
    ])
    .executeTakeFirstOrThrow();
}

export interface DayOfPlatform {
  readonly date: string;
  readonly newTenants: number;
  readonly calls: number;
  readonly minutes: number;
  readonly faults: number;
}

/** Every day of the span, those without anything too; days are UTC's. */
export async function countByDay(
  db: Db,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly DayOfPlatform[]> {
  const { rows } = await sql<DayOfPlatform>`
    with span as (
      select generate_series(${from}::timestamptz at time zone 'UTC',
        (${until}::timestamptz - interval '1 day') at time zone 'UTC', interval '1 day')::date as day
    ), calls as (
      select (started_at at time zone 'UTC')::date as day, count(*)::int as calls,
        round(coalesce(sum(duration_ms), 0) / 60000.0, 1)::float8 as minutes, sum(fault_count)::int as faults
      from call where started_at >= ${from} and started_at < ${until} group by 1
    ), tenants as (
      select (created_at at time zone 'UTC')::date as day, count(*)::int as tenants
      from tenant where created_at >= ${from} and created_at < ${until} group by 1
    )
    select to_char(span.day, 'YYYY-MM-DD') as date, coalesce(tenants, 0) as new_tenants,
      coalesce(calls, 0) as calls, coalesce(minutes, 0) as minutes, coalesce(faults, 0) as faults
    from span left join calls using (day) left join tenants using (day)
    order by span.day`.execute(db);
  return rows;
}

/** The pattern's own signs are taken for what they are. */
function startsWith(text: string): string {
  return `${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
}
