import { sql } from 'kysely';
import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';

/** Every table that names a customer, but for conversations, which follow rules of their own. */
export const tablesOfCustomers = ['booking', 'call', 'customerOrder', 'phoneMessage', 'ticket'] as const;

/** Everything one customer did becomes another's; who was merged into the one before is now in the other. */
export async function moveRecords(
  db: Db,
  tenantId: TenantId,
  { from, to }: { readonly from: CustomerId; readonly to: CustomerId },
): Promise<void> {
  for (const table of tablesOfCustomers) {
    await db
      .updateTable(table)
      .set({ customerId: to })
      .where('tenantId', '=', tenantId)
      .where('customerId', '=', from)
      .execute();
  }
  await db
    .updateTable('customer')
    .set({ mergedInto: to })
    .where('tenantId', '=', tenantId)
    .where('mergedInto', '=', from)
    .execute();
}

export const activityKinds = ['call', 'conversation', 'order', 'booking', 'ticket', 'message'] as const;
export type ActivityKind = (typeof activityKinds)[number];

export interface ActivityRow {
  readonly kind: ActivityKind;
  readonly id: string;
  readonly at: Date;
  /** What people call it: O-1042. */
  readonly reference: string | null;
  readonly status: string;
  readonly title: string | null;
}

/** What a customer did, newest first; each table is read through its index by customer. */
export async function listActivity(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  page: { readonly limit: number; readonly after: { readonly at: Date; readonly id: string } | undefined },
): Promise<readonly ActivityRow[]> {
  const limit = sql.lit(page.limit);
  const newest = (
    table: string,
    at: string,
    columns: { kind: ActivityKind; reference?: string; status: string; title: string },
  ) => {
    // Clients know instants to the millisecond; one person's rows are few enough to be sorted.
    const time = sql`date_trunc('milliseconds', ${sql.ref(at)})`;
    const after =
      page.after === undefined ? sql`` : sql`and (${time}, id) < (${page.after.at}, ${page.after.id})`;
    return sql`(select ${sql.lit(columns.kind)} as kind, id, ${time} as at,
      ${columns.reference === undefined ? sql`null::text` : sql.ref(columns.reference)} as reference,
      ${sql.ref(columns.status)} as status, ${sql.ref(columns.title)} as title
      from ${sql.table(table)} where tenant_id = ${tenantId} and customer_id = ${customerId} ${after}
      order by ${time} desc, id desc limit ${limit})`;
  };
  const { rows } = await sql<ActivityRow>`
    select * from (
      ${newest('call', 'started_at', { kind: 'call', status: 'status', title: 'summary' })}
      union all
      ${newest('conversation', 'created_at', { kind: 'conversation', status: 'status', title: 'channel' })}
      union all
      ${newest('customer_order', 'created_at', { kind: 'order', reference: 'reference', status: 'status', title: 'note' })}
      union all
      ${newest('booking', 'created_at', { kind: 'booking', reference: 'reference', status: 'status', title: 'note' })}
      union all
      ${newest('ticket', 'created_at', { kind: 'ticket', reference: 'reference', status: 'status', title: 'subject' })}
      union all
      ${newest('phone_message', 'created_at', { kind: 'message', status: 'status', title: 'body' })}
    ) as activity order by at desc, id desc limit ${limit}`.execute(db);
  return rows;
}
