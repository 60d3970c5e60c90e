import type { AgentTable } from './agent.ts';
import type { AgentVersionTable } from './agent-version.ts';
import type { ApiKeyTable } from './api-key.ts';
import type { BookingTable } from './booking.ts';
import type { BookingResourceTable } from './booking-resource.ts';
import type { CallTable } from './call.ts';
import type { CallTurnTable } from './call-turn.ts';
import type { CustomerTable } from './customer.ts';
import type { CustomerOrderTable } from './customer-order.ts';
import type { LineDirectoryStampTable } from './line-directory-stamp.ts';
import type { OpeningExceptionTable } from './opening-exception.ts';
import type { OpeningHoursTable } from './opening-hours.ts';
import type { OrderItemTable } from './order-item.ts';
import type { PhoneMessageTable } from './phone-message.ts';
import type { PhoneNumberTable } from './phone-number.ts';
import type { ProductTable } from './product.ts';
import type { ReferenceCounterTable } from './reference-counter.ts';
import type { ServiceTable } from './service.ts';
import type { TenantTable } from './tenant.ts';
import type { TicketTable } from './ticket.ts';
import type { TicketEntryTable } from './ticket-entry.ts';
import type { ToolLedgerTable } from './tool-ledger.ts';

/** Every table, as Kysely knows it. One interface per file beside this one. */
export interface Database {
  agent: AgentTable;
  agentVersion: AgentVersionTable;
  apiKey: ApiKeyTable;
  booking: BookingTable;
  bookingResource: BookingResourceTable;
  call: CallTable;
  callTurn: CallTurnTable;
  customer: CustomerTable;
  customerOrder: CustomerOrderTable;
  lineDirectoryStamp: LineDirectoryStampTable;
  openingException: OpeningExceptionTable;
  openingHours: OpeningHoursTable;
  orderItem: OrderItemTable;
  phoneMessage: PhoneMessageTable;
  phoneNumber: PhoneNumberTable;
  product: ProductTable;
  referenceCounter: ReferenceCounterTable;
  service: ServiceTable;
  tenant: TenantTable;
  ticket: TicketTable;
  ticketEntry: TicketEntryTable;
  toolLedger: ToolLedgerTable;
}
