import { toolHolding } from '../agent/tools/tools.ts';
import type { CustomerHolding } from '../business/customers/customers.ts';
import { bookingHolding } from '../business/desk/bookings/bookings.ts';
import { messageHolding } from '../business/desk/messages/messages.ts';
import { orderHolding } from '../business/desk/orders/orders.ts';
import { ticketHolding } from '../business/desk/tickets/tickets.ts';
import { alertHolding } from '../business/record/alerts/alerts.ts';
import { callHolding } from '../business/record/calls/calls.ts';
import { conversationHolding } from '../business/record/conversations/conversations.ts';

/** Every domain that stores data of customers. An export has a section for each, in this order. */
export const customerHoldings: readonly CustomerHolding[] = [
  orderHolding,
  bookingHolding,
  ticketHolding,
  messageHolding,
  conversationHolding,
  callHolding,
  toolHolding,
  alertHolding,
];
