import { agentEvents } from '../business/line/agents/agents.ts';
import { apiKeyEvents } from '../business/identity/api-keys/api-keys.ts';
import { memberEvents } from '../business/identity/members/members.ts';
import { personEvents } from '../business/identity/people/people.ts';
import { sessionEvents } from '../business/identity/sessions/sessions.ts';
import { impersonationEvents } from '../business/identity/staff/staff.ts';
import { tenantEvents } from '../business/tenancy/tenants/tenants.ts';
import { productEvents } from '../business/catalog/products/products.ts';
import { bookingEvents } from '../business/desk/bookings/bookings.ts';
import { customerEvents } from '../business/customers/customers.ts';
import {
  openingHoursEvents,
  specialDayEvents,
  specialDaysEvents,
} from '../business/catalog/opening-hours/opening-hours.ts';
import { numberEvents, numberLinkEvents } from '../business/line/numbers/numbers.ts';
import { callEvents } from '../business/record/calls/calls.ts';
import { conversationEvents } from '../business/record/conversations/conversations.ts';
import {
  knowledgeEntryEvents,
  knowledgeFileEvents,
  knowledgeQuestionEvents,
} from '../business/knowledge/knowledge.ts';
import { messageEvents } from '../business/desk/messages/messages.ts';
import { orderEvents } from '../business/desk/orders/orders.ts';
import { ticketEvents } from '../business/desk/tickets/tickets.ts';
import { resourceEvents } from '../business/catalog/resources/resources.ts';
import { serviceEvents } from '../business/catalog/services/services.ts';
import { companyEvents } from '../business/catalog/company/company.ts';
import type { EventType } from '../business/tenancy/events/events.ts';

/** Every event type. `docs/EVENTS.md` is generated from this list, and replays parse recorded events with it. */
export const allEventTypes: readonly EventType[] = [
  agentEvents,
  apiKeyEvents,
  bookingEvents,
  callEvents,
  companyEvents,
  conversationEvents,
  customerEvents,
  messageEvents,
  impersonationEvents,
  knowledgeEntryEvents,
  knowledgeFileEvents,
  knowledgeQuestionEvents,
  memberEvents,
  numberEvents,
  numberLinkEvents,
  openingHoursEvents,
  orderEvents,
  personEvents,
  productEvents,
  resourceEvents,
  serviceEvents,
  sessionEvents,
  specialDayEvents,
  specialDaysEvents,
  ticketEvents,
  tenantEvents,
].flatMap((events) => Object.values<EventType>(events));
