import { type RawBuilder, sql } from 'kysely';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import type { ErasedKind } from './erasure.ts';

export const activityKinds = ['call', 'conversation', 'order', 'booking', 'ticket', 'message'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** One activity of a customer. */
export interface ActivityRow {
  readonly kind: ActivityKind;
  readonly id: string;
  readonly at: Date;
  /** A reference such as O-1042. */
  readonly reference: string | null;
  readonly status: string;
  readonly title: string | null;
}

export interface ActivityWindow {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
}

export interface CustomerMove {
  readonly from: CustomerId;
  readonly to: CustomerId;
  readonly at: Date;
}

export interface ExportedPage {
  readonly rows: readonly object[];
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** The ids of all data of one person, by name of holding. */
export type HeldIds = Readonly<Record<string, readonly string[]>>;

/**
 * What another domain stores of a customer. Each domain that refers to customers exports one, and the root passes them
 * to this room, which may not import those domains.
 */
export interface CustomerHolding {
  /** Name of the section in an export, such as `orders`. */
  readonly name: string;
  /** Name in the database of the table whose rows refer to a customer. */
  readonly table?: string;
  /** Whether its rows have streams of events. */
  readonly hasEvents: boolean;
  /** The streams of one row, if not only the one with its id. */
  readonly streamsOf?: (id: string) => readonly string[];
  /** Ids of the rows of these customers, without a lock, because the customers are locked. */
  idsOf(tx: Tx, customerIds: readonly CustomerId[]): Promise<readonly string[]>;
  /** Moves all rows of one customer to another. */
  moveTo(tx: Tx, move: CustomerMove): Promise<void>;
  /** The newest first, at most `limit`. */
  activityOf(tx: Tx, customerId: CustomerId, window: ActivityWindow): Promise<readonly ActivityRow[]>;
  /** One page of the export of a person, oldest first. */
  exportPage(tx: Tx, customerId: CustomerId, cursor: string | undefined): Promise<ExportedPage>;
  /** Keys of files to delete before the rows that refer to them. Throws `Conflict` if it is too early. */
  filesOf?(tx: Tx, ids: readonly string[]): Promise<readonly string[]>;
  /** Erases personal data in its rows, and keeps the rest. Returns how many rows changed, by kind. */
  erase(tx: Tx, held: HeldIds): Promise<Partial<Record<ErasedKind, number>>>;
}

/** A holding that only erases. */
export function onlyErases(name: string, erase: CustomerHolding['erase']): CustomerHolding {
  return {
    name,
    hasEvents: false,
    idsOf: () => Promise.resolve([]),
    moveTo: () => Promise.resolve(),
    activityOf: () => Promise.resolve([]),
    exportPage: () => Promise.resolve({ rows: [], next: undefined }),
    erase,
  };
}

interface CustomerRows {
  /** The owner's table, by its name in the database; it has `tenant_id`, `id` and `customer_id`. */
  readonly table: string;
  readonly kind: ActivityKind;
  /** The columns, as the database names them. */
  readonly at: string;
  readonly reference?: string;
  readonly title: string;
  /** Whether its table has a `version` column. */
  readonly isVersioned?: boolean;
}

/** The common part of holdings whose rows have a `customer_id`. */
export function customerRows({
  table,
  kind,
  at,
  reference,
  title,
  isVersioned = false,
}: CustomerRows): Pick<CustomerHolding, 'table' | 'idsOf' | 'moveTo' | 'activityOf'> {
  const named = sql.table(table);
  return {
    table,
    async idsOf(tx, customerIds) {
      const { rows } = await sql<{ id: string }>`
        select id from ${named} where tenant_id = ${tx.tenantId} and customer_id = any(${customerIds})`.execute(
        tx,
      );
      return rows.map(({ id }) => id);
    },
    async moveTo(tx, { from, to }) {
      const counted = isVersioned ? sql`, version = version + 1` : sql``;
      await sql`update ${named} set customer_id = ${to} ${counted}
        where tenant_id = ${tx.tenantId} and customer_id = ${from}`.execute(tx);
    },
    async activityOf(tx, customerId, window) {
      // Cursors have milliseconds; one person's rows are few enough to sort without an index.
      const time = sql`date_trunc('milliseconds', ${sql.ref(at)})`;
      const { rows } = await sql<ActivityRow>`
        select ${sql.lit(kind)} as kind, id, ${time} as at,
          ${reference === undefined ? sql`null::text` : sql.ref(reference)} as reference, status,
          ${sql.ref(title)} as title
        from ${named} where tenant_id = ${tx.tenantId} and customer_id = ${customerId} ${before(time, window)}
        order by ${time} desc, id desc limit ${window.limit}`.execute(tx);
      return rows;
    },
  };
}

function before(time: RawBuilder<unknown>, { after }: ActivityWindow): RawBuilder<unknown> {
  return after === undefined ? sql`` : sql`and (${time}, id) < (${after.at}, ${after.id})`;
}

/** How many rows a statement changed. */
export async function changedRows(tx: Tx, statement: RawBuilder<unknown>): Promise<number> {
  return Number((await statement.execute(tx)).numAffectedRows ?? 0n);
}
