import type { TicketPriority, TicketStatus } from './ticket-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, MemberId, TicketId } from '../../tenancy/references/ids.ts';
import { columns } from './queries.ts';

export interface TicketFilter {
  readonly status?: readonly TicketStatus[] | undefined;
  readonly priority?: readonly TicketPriority[] | undefined;
  readonly category?: string | undefined;
  /** Null: nobody's. */
  readonly assigneeId?: MemberId | null | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface TicketSearch {
  readonly reference?: string | undefined;
  /** Each has to begin a word of the ticket. */
  readonly words?: readonly string[] | undefined;
}

export interface TicketPosition {
  readonly createdAt: Date;
  readonly id: TicketId;
}

// The last character there is: what begins with a word sorts between the word and this.
const last = '\u{10ffff}';

/** Newest first. */
export function listTickets(
  db: Db,
  tenantId: TenantId,
  filter: TicketFilter &
    TicketSearch & { readonly after?: TicketPosition | undefined; readonly limit: number },
) {
  const { status, priority, category, assigneeId, customerId, callId, from, to } = filter;
  let query = db
    .selectFrom('ticket')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(status !== undefined, (rows) => rows.where('status', 'in', [...status!]))
    .$if(priority !== undefined, (rows) => rows.where('priority', 'in', [...priority!]))
    .$if(category !== undefined, (rows) => rows.where('category', '=', category!))
    .$if(assigneeId === null, (rows) => rows.where('assigneeId', 'is', null))
    .$if(typeof assigneeId === 'string', (rows) => rows.where('assigneeId', '=', assigneeId!))
    .$if(customerId !== undefined, (rows) => rows.where('customerId', '=', customerId!))
    .$if(callId !== undefined, (rows) => rows.where('callId', '=', callId!))
    .$if(from !== undefined, (rows) => rows.where('createdAt', '>=', from!))
    .$if(to !== undefined, (rows) => rows.where('createdAt', '<', to!))
    .$if(filter.reference !== undefined, (rows) => rows.where('reference', '=', filter.reference!))
    .$if(filter.after !== undefined, (rows) =>
      rows.where((row) =>
        row(row.refTuple('createdAt', 'id'), '<', row.tuple(filter.after!.createdAt, filter.after!.id)),
      ),
    );
  for (const word of filter.words ?? []) {
    query = query.where((row) =>
      row.exists(
        row
          .selectFrom('ticketWord')
          .select('ticketWord.word')
          .where('ticketWord.tenantId', '=', tenantId)
          .whereRef('ticketWord.ticketId', '=', 'ticket.id')
          .where('ticketWord.word', '>=', word)
          .where('ticketWord.word', '<', word + last),
      ),
    );
  }
  return query.orderBy('createdAt', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}
