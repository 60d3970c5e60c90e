import { alertProcessor } from '../business/record/alerts/alerts.ts';
import { orderHistoryProcessor } from '../business/desk/orders/orders.ts';
import { ticketHistoryProcessor, ticketSearchProcessor } from '../business/desk/tickets/tickets.ts';
import { staffActionProcessor } from '../business/identity/staff/staff.ts';
import { auditProcessor } from '../business/tenancy/audit/audit.ts';
import type { Processor } from '../business/tenancy/events/events.ts';

/** Every processor of events. In a transaction they run in this order. */
export function allProcessors(): readonly Processor[] {
  return [
    auditProcessor,
    staffActionProcessor,
    orderHistoryProcessor,
    ticketHistoryProcessor,
    ticketSearchProcessor,
    alertProcessor,
  ];
}
