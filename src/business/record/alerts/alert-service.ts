import { sql } from 'kysely';
import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { AlertId, MemberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Alert, AlertKind, AlertSeverity } from './alert.ts';

/**
 * What happened and where to look. What people said stays in the one place where it is stored, from which it can be
 * erased: no names, subjects or messages here.
 */
export interface NewAlert {
  readonly kind: AlertKind;
  readonly title: string;
  readonly body?: string | undefined;
  /** What it is about; people are led there from the alert. */
  readonly about?: { readonly resource: string; readonly id: string } | undefined;
  /** When it happened; now, where left out. */
  readonly at?: Date | undefined;
}

const severityOf: Readonly<Record<AlertKind, AlertSeverity>> = {
  'ticket-urgent': 'critical',
  'message-taken': 'info',
  'booking-cancelled': 'info',
  'order-cancelled': 'info',
  'vendor-failed': 'warning',
  'number-problem': 'critical',
};

const longestBodyChars = 300;
// Counted among the newest, so that a tenant with years of alerts costs no more than another.
const countedAtMost = 1_000;

export async function raiseAlert(tx: Tx, alert: NewAlert): Promise<AlertId> {
  const { kind, title, body = '', about, at } = alert;
  const id = newId('alt');
  await tx
    .insertInto('alert')
    .values({
      tenantId: tx.tenantId,
      id,
      kind,
      severity: severityOf[kind],
      title,
      body: body.slice(0, longestBodyChars),
      resource: about?.resource ?? null,
      resourceId: about?.id ?? null,
      ...(at === undefined ? {} : { at }),
    })
    .execute();
  return id;
}

const byId = keyset({ column: 'alert.id' });

/** Newest first, as this member sees them; without a member, nothing is read. */
export function listAlerts(
  tx: Tx,
  reader: MemberId | undefined,
  request: PageRequest & { readonly kind?: AlertKind | undefined; readonly unread?: boolean | undefined },
): Promise<Page<Alert>> {
  const { limit, cursor, kind, unread } = request;
  const query = tx
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
    .where(matching('alert', { tenantId: tx.tenantId, kind }));
  const filtered =
    unread === undefined ? query : query.where('alertRead.readAt', unread ? 'is' : 'is not', null);
  return byId.page(filtered, { limit, cursor, direction: 'desc' });
}

export async function countUnreadAlerts(tx: Tx, memberId: MemberId): Promise<number> {
  const { tenantId } = tx;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select id from alert where tenant_id = ${tenantId} order by id desc limit ${countedAtMost}) recent
    where not exists (
      select from alert_read
      where tenant_id = ${tenantId} and member_id = ${memberId} and alert_id = recent.id)`.execute(tx);
  return rows[0]!.count;
}

/** An alert that was read already stays read at that time. */
export async function markAlertRead(tx: Tx, memberId: MemberId, alertId: AlertId): Promise<void> {
  const { tenantId } = tx;
  const alert = await tx
    .selectFrom('alert')
    .select('id')
    .where(matching('alert', { tenantId, id: alertId }))
    .executeTakeFirst();
  if (alert === undefined) throw new NotFound('There is no such alert.');
  await tx
    .insertInto('alertRead')
    .values({ tenantId, memberId, alertId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** How many were unread. */
export async function markAllAlertsRead(tx: Tx, memberId: MemberId): Promise<number> {
  const { tenantId } = tx;
  const { numAffectedRows = 0n } = await sql`
    insert into alert_read (tenant_id, member_id, alert_id)
    select tenant_id, ${memberId}, id from alert
    where tenant_id = ${tenantId} and not exists (
      select from alert_read
      where tenant_id = ${tenantId} and member_id = ${memberId} and alert_id = alert.id)
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows);
}
