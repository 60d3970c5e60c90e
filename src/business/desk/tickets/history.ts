import type * as queries from './queries.ts';

interface Described extends queries.TicketDetails {
  readonly subject: string;
}

const details = ['subject', 'description', 'category', 'priority', 'assigneeId'] as const;

/** What goes into a ticket's history when it becomes another: a step, the details that differ, and what was said. */
export function entriesFor(
  before: Described,
  after: Described,
  { author, comment }: { readonly author: string; readonly comment: string },
): readonly queries.NewEntry[] {
  const entries: queries.NewEntry[] = [];
  if (after.status !== before.status) {
    const change = { status: { from: before.status, to: after.status } };
    entries.push({ kind: 'status-changed', author, body: null, change: JSON.stringify(change) });
  }
  const changed = details.filter((field) => after[field] !== before[field]);
  if (changed.length > 0) {
    const change = Object.fromEntries(
      changed.map((field) => [field, { from: before[field] ?? '', to: after[field] ?? '' }]),
    );
    entries.push({ kind: 'details-changed', author, body: null, change: JSON.stringify(change) });
  }
  if (comment !== '') entries.push({ kind: 'comment', author, body: comment, change: null });
  return entries;
}
