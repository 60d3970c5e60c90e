export const conversationStatuses = [
  'new_lead',
  'engaged',
  'awaiting_customer',
  'dormant',
  'escalated',
  'waiting_for_payment',
  'paid',
  'closed',
] as const;

export type ConversationStatus = (typeof conversationStatuses)[number];

/** The statuses that may follow each status. A closed conversation stays closed; the next contact opens another one. */
const next: Readonly<Record<ConversationStatus, readonly ConversationStatus[]>> = {
  new_lead: ['engaged', 'dormant', 'escalated', 'closed'],
  engaged: ['awaiting_customer', 'dormant', 'escalated', 'waiting_for_payment', 'closed'],
  awaiting_customer: ['engaged', 'dormant', 'escalated', 'waiting_for_payment', 'closed'],
  dormant: ['engaged', 'closed'],
  escalated: ['engaged', 'awaiting_customer', 'waiting_for_payment', 'closed'],
  waiting_for_payment: ['engaged', 'escalated', 'paid', 'closed'],
  paid: ['escalated', 'closed'],
  closed: [],
};

export function allowedNext(status: ConversationStatus): readonly ConversationStatus[] {
  return next[status];
}

export type Transition =
  | { readonly type: 'allowed'; readonly from: ConversationStatus; readonly to: ConversationStatus }
  | { readonly type: 'refused'; readonly reason: string };

export function transition(from: ConversationStatus, to: ConversationStatus): Transition {
  if (next[from].includes(to)) return { type: 'allowed', from, to };
  const allowed =
    next[from].length === 0 ? 'It cannot go anywhere any more.' : `It can become ${next[from].join(', ')}.`;
  return { type: 'refused', reason: `A conversation that is ${from} cannot become ${to}. ${allowed}` };
}

/** The status after the customer has written or spoken: a new or silent customer is engaged, nothing else changes. */
export function statusWhenCustomerSpoke(status: ConversationStatus): ConversationStatus {
  switch (status) {
    case 'new_lead':
    case 'awaiting_customer':
    case 'dormant':
      return 'engaged';
    case 'engaged':
    case 'escalated':
    case 'waiting_for_payment':
    case 'paid':
    case 'closed':
      return status;
    default:
      return status satisfies never;
  }
}
