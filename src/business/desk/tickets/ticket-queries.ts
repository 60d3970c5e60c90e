import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { z } from 'zod';
import { cursorInstant, keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { CallId, CustomerId, MemberId, TicketId } from '../../tenancy/ids/ids.ts';
import { parseReference } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Ticket, TicketDetail, TicketEntry, TicketPriority, TicketStatus } from './ticket.ts';
import { ticketTable } from './ticket-table.ts';
import { ticketWords } from './ticket-words.ts';

export interface TicketFilter {
  readonly status?: readonly TicketStatus[] | undefined;
  readonly priority?: readonly TicketPriority[] | undefined;
  readonly category?: string | undefined;
  /** Null means unassigned. */
  readonly assigneeId?: MemberId | null | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** A reference, or prefixes of words. */
  readonly q?: string | undefined;
}

const byTime = keyset(
  { column: 'ticket.created_at', property: 'createdAt', codec: cursorInstant },
  { column: 'ticket.id' },
);
const bySequence = keyset({ column: 'ticket_entry.sequence', codec: z.int() });
const entryColumns = ['sequence', 'kind', 'author', 'body', 'change', 'at'] as const;
const longestHistory = 200;
// Limits the size of the query.
const mostWords = 8;
// The last Unicode character, the upper bound of a range by prefix.
const lastCharacter = '\u{10ffff}';

/** Newest first. */
export function listTickets(
  tx: Tx,
  { limit, cursor, q, from, to, ...filter }: PageRequest & TicketFilter,
): Promise<Page<Ticket>> {
  const createdAt = { from, before: to };
  const query = tx
    .selectFrom('ticket')
    .select(ticketTable.columns)
    .where(matching('ticket', { tenantId: tx.tenantId, ...filter, createdAt }))
    .where(found(tx, q));
  return byTime.page(query, { limit, cursor, direction: 'desc' });
}

function found(tx: Tx, q: string | undefined): RawBuilder<SqlBool> {
  if (q === undefined) return sql`true`;
  if (/^t?[\s-]*\d+$/i.test(q)) return matching('ticket', { reference: parseReference('ticket', q) ?? '' });
  const words = ticketWords(q).slice(0, mostWords);
  if (words.length > 0)
    return sql`${sql.join(
      words.map((word) => saysWord(tx, word)),
      sql` and `,
    )}`;
  throw new InvalidInput(
    'There is no word to look for.',
    [{ pointer: '/querystring/q', detail: 'must have a letter or digit' }],
    { code: 'search-empty' },
  );
}

function saysWord(tx: Tx, beginning: string): RawBuilder<SqlBool> {
  return sql`exists (select from ticket_word
    where ticket_word.tenant_id = ${tx.tenantId} and ticket_word.ticket_id = ticket.id
      and ticket_word.word >= ${beginning} and ticket_word.word < ${beginning + lastCharacter})`;
}

/** Finds a ticket by a spoken reference. With `customerId`, other customers' tickets are not found. */
export async function findTicket(
  tx: Tx,
  request: { readonly reference: string; readonly customerId?: CustomerId | undefined },
): Promise<Ticket | undefined> {
  const reference = parseReference('ticket', request.reference);
  if (reference === undefined) return undefined;
  return tx
    .selectFrom('ticket')
    .select(ticketTable.columns)
    .where(matching('ticket', { tenantId: tx.tenantId, reference, customerId: request.customerId }))
    .executeTakeFirst();
}

export async function getTicket(tx: Tx, id: TicketId): Promise<TicketDetail> {
  const ticket = await ticketTable.get(tx, id);
  return { ...ticket, history: await listTicketHistory(tx, id) };
}

/** Oldest first. */
export function listTicketHistory(tx: Tx, ticketId: TicketId): Promise<TicketEntry[]> {
  return entriesOf(tx, ticketId).orderBy('sequence').limit(longestHistory).execute();
}

/** Oldest first. */
export async function listComments(tx: Tx, id: TicketId, request: PageRequest): Promise<Page<TicketEntry>> {
  await ticketTable.get(tx, id);
  return bySequence.page(entriesOf(tx, id).where('kind', '=', 'comment'), request);
}

/** The latest comment of a ticket that has one. */
export function getLatestComment(tx: Tx, ticketId: TicketId): Promise<TicketEntry> {
  return entriesOf(tx, ticketId)
    .where('kind', '=', 'comment')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

function entriesOf(tx: Tx, ticketId: TicketId) {
  return tx
    .selectFrom('ticketEntry')
    .select(entryColumns)
    .where(matching('ticketEntry', { tenantId: tx.tenantId, ticketId }));
}
