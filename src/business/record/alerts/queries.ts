import { sql } from 'kysely';
import type { AlertKind, AlertSeverity } from './alert-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AlertId, MemberId } from '../../tenancy/references/ids.ts';

export interface NewAlert {
  readonly id: AlertId;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly body: string;
  readonly resource: string | null;
  readonly resourceId: string | null;
}

export function insertAlert(db: Db, tenantId: TenantId, alert: NewAlert) {
  return db
    .insertInto('alert')
    .values({ tenantId, ...alert })
    .execute();
}

export interface AlertFilter {
  readonly kind?: AlertKind | undefined;
  readonly unread?: boolean | undefined;
  readonly before?: AlertId | undefined;
  readonly limit: number;
}

/** Newest first, as this member sees them; without a member, nothing is read. */
export function listAlerts(db: Db, tenantId: TenantId, reader: MemberId | undefined, filter: AlertFilter) {
  const { kind, unread, before, limit } = filter;
  return db
    .selectFrom('alert')
    .leftJoin('alertRead', (join) =>
      join
        .onRef('alertRead.tenantId', '=', 'alert.tenantId')
        .onRef('alertRead.alertId', '=', 'alert.id')
        .on('alertRead.memberId', '=', (reader ?? '') as MemberId),
    )
    .select([
      'alert.id',
      'alert.kind',
      'alert.severity',
      'alert.title',
      'alert.body',
      'alert.resource',
      'alert.resourceId',
      'alert.at',
      'alertRead.readAt',
    ])
    .where('alert.tenantId', '=', tenantId)
    .$if(kind !== undefined, (query) => query.where('alert.kind', '=', kind!))
    .$if(unread !== undefined, (query) => query.where('alertRead.readAt', unread! ? 'is' : 'is not', null))
    .$if(before !== undefined, (query) => query.where('alert.id', '<', before!))
    .orderBy('alert.id', 'desc')
    .limit(limit)
    .execute();
}

/** Of the newest, so that a tenant with years of alerts costs no more than another. */
export async function countUnread(
  db: Db,
  tenantId: TenantId,
  memberId: MemberId,
  newest: number,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select id from alert where tenant_id = ${tenantId} order by id desc limit ${newest}) recent
    where not exists (
      select from alert_read
      where tenant_id = ${tenantId} and member_id = ${memberId} and alert_id = recent.id)`.execute(db);
  return rows[0]!.count;
}

/** Read once stays read at that time. */
export function markRead(db: Db, tenantId: TenantId, memberId: MemberId, alertId: AlertId) {
  return db
    .insertInto('alertRead')
    .values({ tenantId, memberId, alertId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function markAllRead(db: Db, tenantId: TenantId, memberId: MemberId): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    insert into alert_read (tenant_id, member_id, alert_id)
    select tenant_id, ${memberId}, id from alert
    where tenant_id = ${tenantId} and not exists (
      select from alert_read
      where tenant_id = ${tenantId} and member_id = ${memberId} and alert_id = alert.id)
    on conflict do nothing`.execute(db);
  return Number(numAffectedRows);
}

export async function hasAlert(db: Db, tenantId: TenantId, alertId: AlertId): Promise<boolean> {
  const found = await db
    .selectFrom('alert')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', '=', alertId)
    .executeTakeFirst();
  return found !== undefined;
}
