import type { TicketStatus } from './ticket.ts';

/** Allowed transitions of the status. Closed is final. */
const next: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  open: ['in_progress', 'resolved', 'closed'],
  in_progress: ['open', 'resolved', 'closed'],
  resolved: ['in_progress', 'closed'],
  closed: [],
};

export function canBecome(from: TicketStatus, to: TicketStatus): boolean {
  return next[from].includes(to);
}

export function nextStatuses(from: TicketStatus): readonly TicketStatus[] {
  return next[from];
}
