/** The door of tickets: problems to be solved by the people of the business. */
export type { NewTicket, Ticket } from './ticket.ts';
export { ticketEndpoints } from './ticket-endpoints.ts';
export { ticketEvents } from './ticket-events.ts';
export { ticketHistoryProcessor } from './ticket-history.ts';
export { ticketHolding } from './ticket-holding.ts';
export { findTicket, listTicketHistory, listTickets } from './ticket-queries.ts';
export { ticketSearchProcessor } from './ticket-search-words.ts';
export { changeTicket, createTicket } from './ticket-service.ts';
export { countOpenTickets, countTickets } from './ticket-figures.ts';
