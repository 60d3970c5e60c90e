import type { CallOutcome } from '../call.ts';
import type { ToolStatus } from '../call-record.ts';

const outcomeOfTool: Readonly<Record<string, CallOutcome>> = {
  book_appointment: 'booked',
  move_appointment: 'booking-moved',
  cancel_appointment: 'booking-cancelled',
  create_order: 'ordered',
  cancel_order: 'order-cancelled',
  create_ticket: 'ticket-opened',
  update_ticket: 'ticket-updated',
  take_message: 'message-taken',
};

/** True for a tool that changes records, false for one that reads them. */
export function changesSomething(tool: string): boolean {
  return tool in outcomeOfTool;
}

export interface OutcomeFacts {
  readonly callerTurns: number;
  /** True when a transfer was answered by a person. */
  readonly transferred: boolean;
  readonly toolCalls: readonly { readonly tool: string; readonly status: ToolStatus | null }[];
}

/** Only what succeeded counts; a call that talked and changed nothing answered a question. */
export function deriveOutcome(facts: OutcomeFacts): readonly CallOutcome[] {
  const outcomes = new Set<CallOutcome>();
  for (const { tool, status } of facts.toolCalls) {
    const outcome = status === 'ok' ? outcomeOfTool[tool] : undefined;
    if (outcome !== undefined) outcomes.add(outcome);
  }
  if (facts.transferred) outcomes.add('transferred');
  if (outcomes.size === 0) outcomes.add(facts.callerTurns > 0 ? 'answered-question' : 'no-conversation');
  return [...outcomes];
}
