import { sql } from 'kysely';
import type { TicketEntryKind } from './ticket-entry-table.ts';
import type { TicketPriority, TicketStatus } from './ticket-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, TicketId } from '../../tenancy/references/ids.ts';

export const columns = [
  'id',
  'reference',
  'customerId',
  'callId',
  'subject',
  'description',
  'category',
  'priority',
  'status',
  'assigneeId',
  'createdAt',
  'updatedAt',
] as const;

export interface NewTicket {
  readonly id: TicketId;
  readonly reference: string;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: TicketPriority;
  readonly status: TicketStatus;
  readonly assigneeId: MemberId | null;
}

export function insertTicket(db: Db, tenantId: TenantId, ticket: NewTicket) {
  return db
    .insertInto('ticket')
    .values({ tenantId, ...ticket })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export interface TicketKey {
  readonly id?: TicketId | undefined;
  readonly reference?: string | undefined;
  /** Only a ticket of this customer. */
  readonly customerId?: CustomerId | undefined;
}

function selectTicket(db: Db, tenantId: TenantId, { id, reference, customerId }: TicketKey) {
  return db
    .selectFrom('ticket')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .$if(id === undefined, (query) => query.where('reference', '=', reference ?? ''))
    .$if(customerId !== undefined, (query) => query.where('customerId', '=', customerId!));
}

export function findTicket(db: Db, tenantId: TenantId, key: TicketKey) {
  return selectTicket(db, tenantId, key).executeTakeFirst();
}

/** Holds the ticket until the transaction ends. */
export function lockTicket(db: Db, tenantId: TenantId, key: TicketKey) {
  return selectTicket(db, tenantId, key).forUpdate().executeTakeFirst();
}

export function listByCustomer(db: Db, tenantId: TenantId, customerId: CustomerId, limit: number) {
  return db
    .selectFrom('ticket')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('customerId', '=', customerId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export interface TicketDetails {
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: TicketPriority;
  readonly status: TicketStatus;
  readonly assigneeId: MemberId | null;
}

export function updateTicket(db: Db, tenantId: TenantId, ticketId: TicketId, details: TicketDetails) {
  return db
    .updateTable('ticket')
    .set({ ...details, updatedAt: new Date() })
    .where('tenantId', '=', tenantId)
    .where('id', '=', ticketId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export interface NewEntry {
  readonly kind: TicketEntryKind;
  readonly author: string;
  readonly body: string | null;
  readonly change: string | null;
}

/** Numbers the entry after the last one; the caller holds the ticket. */
export function appendEntry(db: Db, tenantId: TenantId, ticketId: TicketId, entry: NewEntry) {
  return db
    .insertInto('ticketEntry')
    .values({
      tenantId,
      ticketId,
      ...entry,
      sequence: sql<number>`(select coalesce(max(sequence), 0) + 1 from ticket_entry
        where tenant_id = ${tenantId} and ticket_id = ${ticketId})`,
    })
    .returning(entryColumns)
    .executeTakeFirstOrThrow();
}

const entryColumns = ['sequence', 'kind', 'author', 'body', 'change', 'at'] as const;

/** In order; with `after`, what comes after that entry. */
export function listEntries(
  db: Db,
  tenantId: TenantId,
  ticketId: TicketId,
  options: {
    readonly kind?: TicketEntryKind | undefined;
    readonly after?: number | undefined;
    readonly limit: number;
  },
) {
  const { kind, after = 0, limit } = options;
  return db
    .selectFrom('ticketEntry')
    .select(entryColumns)
    .where('tenantId', '=', tenantId)
    .where('ticketId', '=', ticketId)
    .where('sequence', '>', after)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
    .orderBy('sequence')
    .limit(limit)
    .execute();
}

/** Words are only ever added: what a ticket once said is in its history, and found there. */
export async function addWords(db: Db, tenantId: TenantId, ticketId: TicketId, words: readonly string[]) {
  await sql`
    insert into ticket_word (tenant_id, ticket_id, word)
    select ${tenantId}, ${ticketId}, word
    from jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) word
    on conflict do nothing`.execute(db);
}
