import { type RawBuilder, sql } from 'kysely';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import type { ErasedKind } from './erasure.ts';

export const activityKinds = ['call', 'conversation', 'order', 'booking', 'ticket', 'message'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** One thing a customer did. */
export interface ActivityRow {
  readonly kind: ActivityKind;
  readonly id: string;
  readonly at: Date;
  /** Short enough to say: O-1042. */
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
  /** To be given for the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** The ids of everything that is one person's, by the name of the holding. */
export type HeldIds = Readonly<Record<string, readonly string[]>>;

/**
 * What another domain stores of a customer. Each domain that names customers exports one, and the root gives them all
 * to this room: customers stands below those domains and cannot ask them itself.
 */
export interface CustomerHolding {
  /** The section of the export: `orders`. */
  readonly name: string;
  /** The table whose rows name a customer, as the database names it. */
  readonly table?: string;
  /** Whether its things have streams in the record of events. */
  readonly hasEvents: boolean;
  /** The streams of one thing, where there is another than the one with its id. */
  readonly streamsOf?: (id: string) => readonly string[];
  /** Locks nothing; the customers are locked. */
  idsOf(tx: Tx, customerIds: readonly CustomerId[]): Promise<readonly string[]>;
  /** Everything of one customer becomes another's. */
  moveTo(tx: Tx, move: CustomerMove): Promise<void>;
  /** The newest first, at most `limit`. */
  activityOf(tx: Tx, customerId: CustomerId, window: ActivityWindow): Promise<readonly ActivityRow[]>;
  /** What is downloaded of a person, oldest first; a page is held in memory at once. */
  exportPage(tx: Tx, customerId: CustomerId, cursor: string | undefined): Promise<ExportedPage>;
  /** Keys in the file storage to be removed before the rows that tell of them. Throws `Conflict` when it is too early. */
  filesOf?(tx: Tx, ids: readonly string[]): Promise<readonly string[]>;
  /** Takes the person out of its rows, and leaves what is nobody's. Says how many rows changed, by kind. */
  erase(tx: Tx, held: HeldIds): Promise<Partial<Record<ErasedKind, number>>>;
}

/** A holding that only has something to erase. */
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
  /** Whether its rows count their changes in `version`. */
  readonly isVersioned?: boolean;
}

/** What holdings with a row per thing have in common. */
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
      // Clients know instants to the millisecond; one person's rows are few enough to be sorted.
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
