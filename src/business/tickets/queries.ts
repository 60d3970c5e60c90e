import { sql } from 'kysely';
import type { TicketEntryKind } from '../../../db/schema/ticket-entry.ts';
import type { TicketPriority, TicketStatus } from '../../../db/schema/ticket.ts';
import type { Db } from '../../platform/db.ts';
import type { CallId, CustomerId, TenantId, TicketId } from '../../platform/ids.ts';

const columns = [
  'id',
  'reference',
  'customerId',
  'callId',
  'subject',
  'description',
  'category',
  'priority',
  'status',
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
}

export function insertTicket(db: Db, tenantId: TenantId, ticket: NewTicket) {
  return db
    .insertInto('ticket')
    .values({ tenantId, ...ticket })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export interface TicketKey {
  readonly reference: string;
  /** Only a ticket of this customer. */
  readonly customerId?: CustomerId | undefined;
}

function selectByReference(db: Db, tenantId: TenantId, key: TicketKey) {
  const query = db
    .selectFrom('ticket')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('reference', '=', key.reference);
  return key.customerId === undefined ? query : query.where('customerId', '=', key.customerId);
}

export function findByReference(db: Db, tenantId: TenantId, key: TicketKey) {
  return selectByReference(db, tenantId, key).executeTakeFirst();
}

/** Holds the ticket until the transaction ends. */
export function lockByReference(db: Db, tenantId: TenantId, key: TicketKey) {
  return selectByReference(db, tenantId, key).forUpdate().executeTakeFirst();
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
    .execute();
}

export function listEntries(db: Db, tenantId: TenantId, ticketId: TicketId) {
  return db
    .selectFrom('ticketEntry')
    .select(['sequence', 'kind', 'author', 'body', 'change', 'at'])
    .where('tenantId', '=', tenantId)
    .where('ticketId', '=', ticketId)
    .orderBy('sequence')
    .execute();
}
