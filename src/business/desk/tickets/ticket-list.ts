import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { TicketId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { parseReference } from '../../tenancy/references/reference.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { listTickets as listRows, type TicketFilter, type TicketSearch } from './list-queries.ts';
import * as queries from './queries.ts';
import { getTicket, type Ticket, type TicketEntry } from './service.ts';
import { ticketWords } from './ticket-words.ts';

export interface ListTickets extends PageRequest, TicketFilter {
  /** A reference, or how words begin. */
  readonly q?: string | undefined;
}

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string()]);
// More words find nothing that these do not.
const mostWords = 8;

/** Newest first. */
export function listTickets<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, q, ...filter }: ListTickets,
  present: (ticket: Ticket) => Item,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const wanted = {
    ...filter,
    ...(q === undefined ? {} : searchFor(q)),
    after: after === undefined ? undefined : { createdAt: after[0], id: after[1] as TicketId },
    limit: limit + 1,
  };
  return inTenant(db, tenantId, async (transaction) =>
    toPage(
      await listRows(transaction, tenantId, wanted),
      limit,
      ({ createdAt, id }) => [createdAt.toISOString(), id],
      present,
    ),
  );
}

/** Comments alone, the oldest first. */
export function listComments<Item>(
  db: Db,
  tenantId: TenantId,
  id: TicketId,
  { limit, cursor }: PageRequest,
  present: (entry: TicketEntry) => Item,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.int()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    await getTicket(transaction, tenantId, { id });
    const page = { kind: 'comment', after, limit: limit + 1 } as const;
    const rows = await queries.listEntries(transaction, tenantId, id, page);
    return toPage(rows, limit, ({ sequence }) => [sequence], present);
  });
}

function searchFor(q: string): TicketSearch {
  if (/^t?[\s-]*\d+$/i.test(q)) return { reference: parseReference('ticket', q) ?? '' };
  const words = ticketWords(q).slice(0, mostWords);
  if (words.length > 0) return { words };
  throw new InvalidInput(
    'There is no word to look for.',
    [{ pointer: '/querystring/q', detail: 'must have a letter or digit' }],
    { code: 'search-empty' },
  );
}
