import { z } from 'zod';
import type { AlertKind, AlertSeverity } from './alert-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { AlertId, MemberId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';

/** A notice to the people of a business. */
export interface Alert {
  readonly id: AlertId;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly body: string;
  /** What it is about, in the singular: `ticket`. */
  readonly resource: string | null;
  readonly resourceId: string | null;
  readonly at: Date;
  /** When this member has read it. */
  readonly readAt: Date | null;
}

/**
 * What happened and where to look. What people said stays in the one place it is kept, from which it can be erased:
 * no names, subjects or messages here.
 */
export interface RaiseAlert {
  readonly kind: AlertKind;
  readonly title: string;
  readonly body?: string | undefined;
  /** What it is about; people are led there from the alert. */
  readonly about?: { readonly resource: string; readonly id: string } | undefined;
}

const severityOf: Readonly<Record<AlertKind, AlertSeverity>> = {
  'ticket-urgent': 'critical',
  'message-taken': 'info',
  'booking-cancelled': 'info',
  'order-cancelled': 'info',
  'vendor-failed': 'warning',
  'number-problem': 'critical',
};

const countedAtMost = 1_000;
const longestBodyChars = 300;

/** In the transaction that makes the reason for it: there is no alert of what did not happen. */
export async function raiseAlert(transaction: Db, tenantId: TenantId, alert: RaiseAlert): Promise<AlertId> {
  const id = newId('alt');
  await queries.insertAlert(transaction, tenantId, {
    id,
    kind: alert.kind,
    severity: severityOf[alert.kind],
    title: alert.title,
    body: (alert.body ?? '').slice(0, longestBodyChars),
    resource: alert.about?.resource ?? null,
    resourceId: alert.about?.id ?? null,
  });
  return id;
}

export function listAlerts<Item>(
  db: Db,
  tenantId: TenantId,
  reader: MemberId | undefined,
  request: PageRequest & { readonly kind?: AlertKind | undefined; readonly unread?: boolean | undefined },
  present: (alert: Alert) => Item,
): Promise<Page<Item>> {
  const { limit, cursor, kind, unread } = request;
  const before =
    cursor === undefined ? undefined : (decodeCursor(cursor, z.tuple([z.string()]))[0] as AlertId);
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { kind, unread, before, limit: limit + 1 };
    const rows = await queries.listAlerts(transaction, tenantId, reader, filter);
    return toPage(rows, limit, ({ id }) => [id], present);
  });
}

/** Never more than a thousand: beyond that nobody counts. */
export function countUnreadAlerts(db: Db, tenantId: TenantId, memberId: MemberId): Promise<number> {
  return inTenant(db, tenantId, (transaction) =>
    queries.countUnread(transaction, tenantId, memberId, countedAtMost),
  );
}

export async function markAlertRead(
  db: Db,
  tenantId: TenantId,
  memberId: MemberId,
  alertId: AlertId,
): Promise<void> {
  await inTenant(db, tenantId, async (transaction) => {
    if (!(await queries.hasAlert(transaction, tenantId, alertId)))
      throw new NotFound('There is no such alert.');
    await queries.markRead(transaction, tenantId, memberId, alertId);
  });
}

/** How many were unread. */
export function markAllAlertsRead(db: Db, tenantId: TenantId, memberId: MemberId): Promise<number> {
  return inTenant(db, tenantId, (transaction) => queries.markAllRead(transaction, tenantId, memberId));
}
