import type { TicketEntryKind } from '../../../db/schema/ticket-entry.ts';
import type { TicketPriority, TicketStatus } from '../../../db/schema/ticket.ts';
import type { Db } from '../../platform/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors.ts';
import { type CallId, type CustomerId, newId, type TenantId, type TicketId } from '../../platform/ids.ts';
import { parseReference } from '../references/reference.ts';
import { nextReference } from '../references/service.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { canBecome, nextStatuses } from './ticket-status.ts';

export interface Ticket {
  readonly id: TicketId;
  /** Short enough to say: T-1042. */
  readonly reference: string;
  readonly customerId: CustomerId | null;
  readonly callId: CallId | null;
  readonly subject: string;
  readonly description: string;
  readonly category: string;
  readonly priority: TicketPriority;
  readonly status: TicketStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TicketEntry {
  readonly sequence: number;
  readonly kind: TicketEntryKind;
  readonly author: string;
  readonly body: string | null;
  readonly change: Readonly<Record<string, { readonly from: string; readonly to: string }>> | null;
  readonly at: Date;
}

/** A ticket as the caller names it. With `customerId`, somebody else's ticket does not exist. */
export interface TicketRequest {
  readonly reference: string;
  readonly customerId?: CustomerId | undefined;
}

export interface CreateTicket {
  readonly subject: string;
  readonly description: string;
  readonly category?: string | undefined;
  readonly priority?: TicketPriority | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  /** Who writes it; the agent on the line by default. */
  readonly author?: string | undefined;
}

export async function createTicket(db: Db, tenantId: TenantId, input: CreateTicket): Promise<Ticket> {
  const subject = input.subject.trim();
  if (subject === '') throw new InvalidInput('A ticket needs a subject; ask what it is about.');
  return inTenant(db, tenantId, async (transaction) => {
    const ticket = await queries.insertTicket(transaction, tenantId, {
      id: newId('tkt'),
      reference: await nextReference(transaction, tenantId, 'ticket'),
      customerId: input.customerId ?? null,
      callId: input.callId ?? null,
      subject,
      description: input.description.trim(),
      category: input.category?.trim() || 'general',
      priority: input.priority ?? 'normal',
      status: 'open',
    });
    const author = input.author ?? 'agent';
    await queries.appendEntry(transaction, tenantId, ticket.id, {
      kind: 'created',
      author,
      body: ticket.description,
      change: null,
    });
    return ticket;
  });
}

export function findTicket(db: Db, tenantId: TenantId, request: TicketRequest): Promise<Ticket | undefined> {
  const reference = parseReference('ticket', request.reference);
  if (reference === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, (transaction) =>
    queries.findByReference(transaction, tenantId, { ...request, reference }),
  );
}

export async function getTicket(db: Db, tenantId: TenantId, request: TicketRequest): Promise<Ticket> {
  const ticket = await findTicket(db, tenantId, request);
  return ticket ?? noSuchTicket(request);
}

/** Newest first. */
export function listTicketsOfCustomer(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  limit = 5,
): Promise<readonly Ticket[]> {
  return inTenant(db, tenantId, (transaction) =>
    queries.listByCustomer(transaction, tenantId, customerId, limit),
  );
}

export function listTicketEntries(
  db: Db,
  tenantId: TenantId,
  ticketId: TicketId,
): Promise<readonly TicketEntry[]> {
  return inTenant(db, tenantId, (transaction) => queries.listEntries(transaction, tenantId, ticketId));
}

export interface UpdateTicket extends TicketRequest {
  readonly status?: TicketStatus | undefined;
  readonly priority?: TicketPriority | undefined;
  readonly category?: string | undefined;
  readonly subject?: string | undefined;
  readonly description?: string | undefined;
  readonly comment?: string | undefined;
  readonly author?: string | undefined;
}

/** Changes what is named, and puts each change and the comment into the ticket's history. */
export async function updateTicket(db: Db, tenantId: TenantId, input: UpdateTicket): Promise<Ticket> {
  const reference = parseReference('ticket', input.reference);
  return inTenant(db, tenantId, async (transaction) => {
    const ticket =
      reference === undefined
        ? undefined
        : await queries.lockByReference(transaction, tenantId, { ...input, reference });
    if (ticket === undefined) return noSuchTicket(input);
    refuseForbiddenStep(ticket, input.status);

    const after = {
      subject: input.subject?.trim() || ticket.subject,
      description: input.description?.trim() || ticket.description,
      category: input.category?.trim() || ticket.category,
      priority: input.priority ?? ticket.priority,
      status: input.status ?? ticket.status,
    };
    for (const entry of entriesFor(ticket, after, input)) {
      await queries.appendEntry(transaction, tenantId, ticket.id, entry);
    }
    return queries.updateTicket(transaction, tenantId, ticket.id, after);
  });
}

function refuseForbiddenStep(ticket: Ticket, status: TicketStatus | undefined): void {
  if (ticket.status === 'closed') {
    throw new Conflict(`Ticket ${ticket.reference} is closed and stays as it is; open a new ticket instead.`);
  }
  if (status === undefined || status === ticket.status || canBecome(ticket.status, status)) return;
  throw new Conflict(
    `Ticket ${ticket.reference} is ${ticket.status} and cannot become ${status}; it can become ${nextStatuses(
      ticket.status,
    ).join(' or ')}.`,
  );
}

function entriesFor(
  before: Ticket,
  after: queries.TicketDetails,
  input: UpdateTicket,
): readonly queries.NewEntry[] {
  const author = input.author ?? 'agent';
  const entries: queries.NewEntry[] = [];
  if (after.status !== before.status) {
    const change = { status: { from: before.status, to: after.status } };
    entries.push({ kind: 'status-changed', author, body: null, change: JSON.stringify(change) });
  }
  const changed = (['subject', 'description', 'category', 'priority'] as const).filter(
    (field) => after[field] !== before[field],
  );
  if (changed.length > 0) {
    const change = Object.fromEntries(
      changed.map((field) => [field, { from: before[field], to: after[field] }]),
    );
    entries.push({ kind: 'details-changed', author, body: null, change: JSON.stringify(change) });
  }
  const comment = input.comment?.trim() ?? '';
  if (comment !== '') entries.push({ kind: 'comment', author, body: comment, change: null });
  return entries;
}

function noSuchTicket(request: TicketRequest): never {
  throw new NotFound(
    `There is no ticket "${request.reference}"; ask for the number again, or look under the caller's phone number.`,
  );
}
