import { sql } from 'kysely';
import type { TenantId } from '../../../../platform/data/ids.ts';
import type { CallsOfDay, Span } from '../../../identity/staff/staff.ts';
import type { SystemTx } from '../../../tenancy/tenancy.ts';

/* What the platform's staff see of calls: how many, and nothing of what was said. */

export async function countCallsSince(tx: SystemTx, tenantId: TenantId, since: Date): Promise<number> {
  const { count } = await tx
    .selectFrom('call')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenantId', '=', tenantId)
    .where('startedAt', '>=', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Of all businesses, by day of UTC; days without calls are left out. */
export async function callsByDay(
  tx: SystemTx,
  { from, until }: Span,
): Promise<ReadonlyMap<string, CallsOfDay>> {
  const day = sql<string>`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`;
  const rows = await tx
    .selectFrom('call')
    .select([
      day.as('day'),
      sql<number>`count(*)::int`.as('calls'),
      sql<number>`round(coalesce(sum(duration_ms), 0) / 60000.0, 1)::float8`.as('minutes'),
      sql<number>`sum(fault_count)::int`.as('faults'),
    ])
    .where('startedAt', '>=', from)
    .where('startedAt', '<', until)
    .groupBy(day)
    .execute();
  return new Map(rows.map(({ day: date, ...calls }) => [date, calls]));
}
