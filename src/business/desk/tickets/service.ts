import type { TicketEntryKind } from './ticket-entry-table.ts';
import type { TicketPriority, TicketStatus } from './ticket-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, TicketId } from '../../tenancy/references/ids.ts';
import { actorIdOf, systemActor, type TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { raiseAlert } from '../../record/alerts/service.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { parseReference } from '../../tenancy/references/reference.ts';
import { nextReference } from '../../tenancy/references/service.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { refuseUnlessMember } from './assignee.ts';
import { entriesFor } from './history.ts';
import * as queries from './queries.ts';
import { presentTicket } from './schema.ts';
import { canBecome, nextStatuses } from './ticket-status.ts';
import { ticketWords } from './ticket-words.ts';

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
  readonly assigneeId: MemberId | null;
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

/** A ticket by its id, or as the caller names it. With `customerId`, somebody else's ticket does not exist. */
export interface TicketRequest {
  readonly id?: TicketId | undefined;
  readonly reference?: string | undefined;
  readonly customerId?: CustomerId | undefined;
}

export interface CreateTicket {
  readonly subject: string;
  readonly description: string;
  readonly category?: string | undefined;
  readonly priority?: TicketPriority | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly assigneeId?: MemberId | undefined;
}

/** Who does it; the agent on the line by default. */
interface Doing {
  readonly actor?: TenantActor | undefined;
}

export async function createTicket(db: Db, tenantId: TenantId, input: CreateTicket & Doing): Promise<Ticket> {
  const { actor = systemActor(tenantId, 'agent'), assigneeId } = input;
  const subject = input.subject.trim();
  if (subject === '') {
    throw new InvalidInput(
      'A ticket needs a subject.',
      [{ pointer: '/subject', detail: 'must not be blank' }],
      { code: 'ticket-subject-missing' },
    );
  }
  return inTenant(db, tenantId, async (transaction) => {
    if (assigneeId !== undefined) await refuseUnlessMember(transaction, tenantId, assigneeId);
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
      assigneeId: assigneeId ?? null,
    });
    await queries.appendEntry(transaction, tenantId, ticket.id, {
      kind: 'created',
      author: actorIdOf(actor),
      body: ticket.description,
      change: null,
    });
    await recordTicket(transaction, actor, undefined, ticket);
    return ticket;
  });
}

export function findTicket(db: Db, tenantId: TenantId, request: TicketRequest): Promise<Ticket | undefined> {
  const key = keyOf(request);
  if (key === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, (transaction) => queries.findTicket(transaction, tenantId, key));
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

/** In order; the oldest first. */
export function listTicketEntries(
  db: Db,
  tenantId: TenantId,
  ticketId: TicketId,
  limit = 200,
): Promise<readonly TicketEntry[]> {
  return inTenant(db, tenantId, (transaction) =>
    queries.listEntries(transaction, tenantId, ticketId, { limit }),
  );
}

export interface TicketChanges {
  readonly status?: TicketStatus | undefined;
  readonly priority?: TicketPriority | undefined;
  readonly category?: string | undefined;
  readonly subject?: string | undefined;
  readonly description?: string | undefined;
  /** Null: nobody any more. */
  readonly assigneeId?: MemberId | null | undefined;
  readonly comment?: string | undefined;
}

export interface UpdateTicket extends TicketRequest, TicketChanges, Doing {
  /** What the client has read; refused when the ticket has changed since. */
  readonly ifMatch?: string | undefined;
}

/** Changes what is named, and puts each change and the comment into the ticket's history. */
export function updateTicket(db: Db, tenantId: TenantId, input: UpdateTicket): Promise<Ticket> {
  const { actor = systemActor(tenantId, 'agent') } = input;
  return inTenant(db, tenantId, async (transaction) => {
    const ticket = await holdTicket(transaction, tenantId, input);
    checkMatch(input.ifMatch, presentTicket(ticket));
    refuseForbiddenStep(ticket, input.status);
    const details = detailsAfter(ticket, input);
    if (details.assigneeId !== null && details.assigneeId !== ticket.assigneeId) {
      await refuseUnlessMember(transaction, tenantId, details.assigneeId);
    }
    const comment = input.comment?.trim() ?? '';
    for (const entry of entriesFor(ticket, details, { author: actorIdOf(actor), comment })) {
      await queries.appendEntry(transaction, tenantId, ticket.id, entry);
    }
    const after = await queries.updateTicket(transaction, tenantId, ticket.id, details);
    await recordTicket(transaction, actor, ticket, after, comment);
    return after;
  });
}

/** Says something on the ticket, and nothing else. */
export function commentOnTicket(
  db: Db,
  actor: TenantActor,
  request: { readonly id: TicketId; readonly body: string },
): Promise<TicketEntry> {
  const { tenantId } = actor;
  const { id, body } = request;
  return inTenant(db, tenantId, async (transaction) => {
    const ticket = await holdTicket(transaction, tenantId, { id });
    refuseForbiddenStep(ticket, undefined);
    const entry = await queries.appendEntry(transaction, tenantId, id, {
      kind: 'comment',
      author: actorIdOf(actor),
      body: body.trim(),
      change: null,
    });
    await queries.updateTicket(transaction, tenantId, id, detailsAfter(ticket, {}));
    await queries.addWords(transaction, tenantId, id, ticketWords(body));
    await recordChange(transaction, actor, {
      action: 'ticket.commented',
      resource: 'ticket',
      resourceId: id,
      after: { comment: body },
    });
    return entry;
  });
}

function detailsAfter(ticket: Ticket, input: TicketChanges): queries.TicketDetails {
  return {
    subject: input.subject?.trim() || ticket.subject,
    description: input.description?.trim() || ticket.description,
    category: input.category?.trim() || ticket.category,
    priority: input.priority ?? ticket.priority,
    status: input.status ?? ticket.status,
    assigneeId: input.assigneeId === undefined ? ticket.assigneeId : input.assigneeId,
  };
}

/** Audit log, search, and the alert when it has just become urgent. */
async function recordTicket(
  transaction: Db,
  actor: TenantActor,
  before: Ticket | undefined,
  after: Ticket,
  comment = '',
): Promise<void> {
  const { tenantId } = actor;
  await queries.addWords(
    transaction,
    tenantId,
    after.id,
    ticketWords(after.subject, after.category, after.description, comment),
  );
  await recordChange(transaction, actor, {
    action: before === undefined ? 'ticket.created' : 'ticket.updated',
    resource: 'ticket',
    resourceId: after.id,
    before,
    after,
  });
  if (after.priority !== 'urgent' || before?.priority === 'urgent') return;
  await raiseAlert(transaction, tenantId, {
    kind: 'ticket-urgent',
    title: `Ticket ${after.reference} is urgent`,
    about: { resource: 'ticket', id: after.id },
  });
}

async function holdTicket(transaction: Db, tenantId: TenantId, request: TicketRequest): Promise<Ticket> {
  const key = keyOf(request);
  const ticket = key === undefined ? undefined : await queries.lockTicket(transaction, tenantId, key);
  return ticket ?? noSuchTicket(request);
}

/** Undefined when what was said cannot be a ticket's number. */
function keyOf({ id, reference, customerId }: TicketRequest): queries.TicketKey | undefined {
  if (id !== undefined) return { id, customerId };
  const parsed = parseReference('ticket', reference ?? '');
  return parsed === undefined ? undefined : { reference: parsed, customerId };
}

function refuseForbiddenStep(ticket: Ticket, status: TicketStatus | undefined): void {
  const allowed = nextStatuses(ticket.status);
  if (ticket.status === 'closed') {
    throw new Conflict(`Ticket ${ticket.reference} is closed and stays as it is.`, {
      code: 'ticket-closed',
      data: { allowed },
    });
  }
  if (status === undefined || status === ticket.status || canBecome(ticket.status, status)) return;
  throw new Conflict(
    `Ticket ${ticket.reference} is ${ticket.status} and cannot become ${status}; it can become ${allowed.join(' or ')}.`,
    { code: 'status-not-allowed', data: { status: ticket.status, allowed } },
  );
}

function noSuchTicket({ id, reference }: TicketRequest): never {
  if (id !== undefined) throw new NotFound('There is no such ticket.');
  throw new NotFound(`There is no ticket "${reference ?? ''}".`, {
    code: 'reference-unknown',
    data: { reference: reference ?? '' },
  });
}
