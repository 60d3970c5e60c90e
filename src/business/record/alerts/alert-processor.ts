import { bookingEvents } from '../../desk/bookings/bookings.ts';
import { messageEvents } from '../../desk/messages/messages.ts';
import { orderEvents } from '../../desk/orders/orders.ts';
import { ticketEvents } from '../../desk/tickets/tickets.ts';
import type { DomainEvent, Processor } from '../../tenancy/events/events.ts';
import { type NewAlert, raiseAlert } from './alert-service.ts';

/** Raises an alert for what the people of the business have to look at. */
export const alertProcessor: Processor = {
  name: 'alerts',
  runs: 'as-job',
  handles: (event) => reasonOf(event) !== undefined,
  async handle(tx, event) {
    const reason = reasonOf(event);
    if (reason === undefined) return;
    const about = { resource: event.eventType.resource, id: event.subject };
    await raiseAlert(tx, { ...reason, about, at: event.at });
  },
};

type Reason = Pick<NewAlert, 'kind' | 'title' | 'body'>;
type Reader = (event: DomainEvent) => Reason | undefined;

const reasons: Readonly<Record<string, Reader>> = {
  [messageEvents.taken.type]: ({ data: { after } }) => ({
    kind: 'message-taken',
    title: after?.['urgent'] === true ? 'An urgent message was taken' : 'A message was taken',
  }),
  [ticketEvents.created.type]: whenUrgent,
  [ticketEvents.updated.type]: whenUrgent,
  [orderEvents['status-changed'].type]: ({ actor, data: { after } }) =>
    actor.type !== 'agent' || after?.['status'] !== 'cancelled'
      ? undefined
      : {
          kind: 'order-cancelled',
          title: `Order ${String(after['reference'])} was cancelled by the caller`,
          body: (after['items'] as readonly { readonly quantity: number; readonly name: string }[])
            .map(({ quantity, name }) => `${quantity} × ${name}`)
            .join(', '),
        },
  // Only what the caller cancelled: the business knows of its own cancellations.
  [bookingEvents.cancelled.type]: ({ actor, data: { after } }) =>
    actor.type !== 'agent'
      ? undefined
      : {
          kind: 'booking-cancelled',
          title: `Booking ${String(after?.['reference'])} was cancelled by the caller`,
          body: ['serviceName', 'spokenTime', 'resourceName'].map((name) => after?.[name]).join(', '),
        },
};

function whenUrgent({ data: { before, after } }: DomainEvent): Reason | undefined {
  if (after?.['priority'] !== 'urgent' || before?.['priority'] === 'urgent') return undefined;
  return { kind: 'ticket-urgent', title: `Ticket ${String(after['reference'])} is urgent` };
}

function reasonOf(event: DomainEvent): Reason | undefined {
  return reasons[event.eventType.type]?.(event);
}
