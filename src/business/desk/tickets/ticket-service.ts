import { newId } from '../../../platform/data/ids.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { TicketId } from '../../tenancy/ids/ids.ts';
import { nextReference } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { assignNobody, type CheckAssignee } from '../assignee.ts';
import { type CallExists, type CustomerLink, findLinkedCustomer, checkCall } from '../links/links.ts';
import type { NewTicket, Ticket, TicketChanges, TicketEntry, TicketStatus } from './ticket.ts';
import { ticketEvents } from './ticket-events.ts';
import { getLatestComment } from './ticket-queries.ts';
import { canBecome, nextStatuses } from './ticket-status.ts';
import { ticketTable } from './ticket-table.ts';

/** Opens a ticket for a client of the API, which names the customer and the call. */
export async function openTicket(
  tx: Tx,
  actor: TenantActor,
  input: Omit<NewTicket, 'customerId'> & CustomerLink,
  { checkAssignee, callExists }: { readonly checkAssignee: CheckAssignee; readonly callExists: CallExists },
): Promise<Ticket> {
  const { customer, customerId: named, ...ticket } = input;
  await checkCall(tx, input.callId, callExists);
  const customerId = await findLinkedCustomer(tx, { customerId: named, customer });
  return createTicket(tx, actor, { ...ticket, customerId }, checkAssignee);
}

/** Opens a ticket. Callers that assign nothing, such as the agent, need no check of assignees. */
export async function createTicket(
  tx: Tx,
  actor: TenantActor,
  input: NewTicket,
  checkAssignee: CheckAssignee = assignNobody,
): Promise<Ticket> {
  const subject = input.subject.trim();
  if (subject === '') {
    throw new InvalidInput(
      'A ticket needs a subject.',
      [{ pointer: '/subject', detail: 'must not be blank' }],
      { code: 'ticket-subject-missing' },
    );
  }
  if (input.assigneeId !== undefined) await checkAssignee(tx, input.assigneeId);
  const ticket = await ticketTable.insert(tx, {
    id: newId('tkt'),
    reference: await nextReference(tx, 'ticket'),
    customerId: input.customerId ?? null,
    callId: input.callId ?? null,
    subject,
    description: input.description.trim(),
    category: input.category?.trim() || 'general',
    priority: input.priority ?? 'normal',
    status: 'open',
    assigneeId: input.assigneeId ?? null,
    createdAt: input.createdAt,
  });
  const after = ticket!;
  await happened(tx, actor, ticketEvents.created({ subject: after.id, after }));
  return after;
}

/** Changes the given fields; each change and the comment are added to the history. */
export async function changeTicket(
  tx: Tx,
  actor: TenantActor,
  id: TicketId,
  request: RequestedChange<TicketChanges> & { readonly checkAssignee?: CheckAssignee },
): Promise<Ticket> {
  const { changes, ifMatch, checkAssignee = assignNobody } = request;
  const before = await ticketTable.lock(tx, id, ifMatch);
  refuseForbiddenStep(before, changes.status);
  const details = detailsAfter(before, changes);
  const isChanged = Object.entries(details).some(([field, value]) => before[field as keyof Ticket] !== value);
  const comment = changes.comment?.trim() ?? '';
  if (!isChanged && comment === '') return before;
  if (details.assigneeId !== null && details.assigneeId !== before.assigneeId) {
    await checkAssignee(tx, details.assigneeId);
  }
  const after = await ticketTable.update(tx, id, details);
  if (isChanged) await happened(tx, actor, ticketEvents.updated({ subject: id, before, after }));
  if (comment !== '')
    await happened(tx, actor, ticketEvents.commented({ subject: id, details: { comment } }));
  return after;
}

/** Adds a comment without a change. */
export async function commentOnTicket(
  tx: Tx,
  actor: TenantActor,
  id: TicketId,
  comment: string,
): Promise<TicketEntry> {
  await changeTicket(tx, actor, id, { changes: { comment } });
  return getLatestComment(tx, id);
}

function detailsAfter(ticket: Ticket, changes: TicketChanges) {
  return {
    subject: changes.subject?.trim() || ticket.subject,
    description: changes.description?.trim() || ticket.description,
    category: changes.category?.trim() || ticket.category,
    priority: changes.priority ?? ticket.priority,
    status: changes.status ?? ticket.status,
    assigneeId: changes.assigneeId === undefined ? ticket.assigneeId : changes.assigneeId,
  };
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
