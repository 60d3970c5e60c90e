import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant, instantInput, oneOrMore, searchText } from '../../../platform/http/rest-values.ts';
import type { CallId, CustomerId, MemberId } from '../../tenancy/ids/ids.ts';
import { linkFields } from '../links/links.ts';

/* Schemas of a ticket and of its history in rows, responses and events. */

const status = z.enum(['open', 'in_progress', 'resolved', 'closed']);
const priority = z.enum(['low', 'normal', 'high', 'urgent']);
const entryKind = z.enum(['created', 'status-changed', 'details-changed', 'comment']);
const subject = z.string().trim().min(1).max(200);
const description = z.string().trim().max(10_000);
const category = z.string().trim().min(1).max(40);
const comment = z.string().trim().min(1).max(10_000);

export type TicketStatus = z.output<typeof status>;
export type TicketPriority = z.output<typeof priority>;
export type TicketEntryKind = z.output<typeof entryKind>;

const example = {
  id: 'tkt_01h2xcejqtf2nbrexx3vqjhp41',
  reference: 'T-1042',
  subject: 'Brakes squeak',
  description: 'Since the tune-up last week.',
  category: 'repair',
  priority: 'normal',
  status: 'open',
  customerId: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
  callId: 'call_01h2xcejqtf2nbrexx3vqjhp41',
  assigneeId: null,
  createdAt: '2026-11-24T15:30:00.000Z',
  updatedAt: '2026-11-24T15:30:00.000Z',
};

const ticketFields = {
  id: idOf('tkt'),
  reference: z.string().describe('Short enough to say.'),
  subject: z.string(),
  description: z.string(),
  category: z.string(),
  priority,
  status,
  customerId: idOf('cus').nullable(),
  callId: idOf('call').nullable(),
  assigneeId: idOf('mem').nullable(),
  createdAt: instant,
  updatedAt: instant,
};

export const ticketSchema = z.object(ticketFields).meta({ id: 'Ticket', examples: [example] });
export type Ticket = z.output<typeof ticketSchema> & { readonly version: number };

const entryExample = {
  sequence: 2,
  kind: 'status-changed',
  author: 'mem_01h2xcejqtf2nbrexx3vqjhp41',
  body: null,
  change: { status: { from: 'open', to: 'in_progress' } },
  at: '2026-11-24T16:00:00.000Z',
};

export const ticketEntrySchema = z
  .object({
    sequence: z.int().describe('Counts from 1 within the ticket.'),
    kind: entryKind,
    author: z.string().describe('Id of the member or API key; `agent` on the line.'),
    body: z.string().nullable(),
    change: z
      .record(z.string(), z.object({ from: z.string(), to: z.string() }))
      .nullable()
      .describe('Field by field; nobody is an empty text.'),
    at: instant,
  })
  .meta({ id: 'TicketEntry', examples: [entryExample] });
export type TicketEntry = z.output<typeof ticketEntrySchema>;

export const ticketDetailSchema = z
  .object({
    ...ticketFields,
    history: z.array(ticketEntrySchema).describe('The first 200 entries, comments included, oldest first.'),
  })
  .meta({ id: 'TicketDetail', examples: [{ ...example, history: [entryExample] }] });
export type TicketDetail = Ticket & Pick<z.output<typeof ticketDetailSchema>, 'history'>;

export const ticketPageSchema = pageOf(ticketSchema).meta({ id: 'TicketPage' });
export const commentPageSchema = pageOf(ticketEntrySchema).meta({ id: 'CommentPage' });

export const newTicketSchema = z
  .strictObject({
    subject,
    description: description.default(''),
    category: category.optional(),
    priority: priority.optional(),
    assigneeId: idInput('mem').optional(),
    ...linkFields,
  })
  .meta({
    id: 'NewTicket',
    examples: [
      {
        subject: example.subject,
        description: example.description,
        category: 'repair',
        customer: { phone: '+14155550123', name: 'Maya Lindgren' },
      },
    ],
  });

export const ticketChangesSchema = z
  .strictObject({
    subject: subject.optional(),
    description: description.min(1).optional(),
    category: category.optional(),
    priority: priority.optional(),
    status: status.optional().describe('A step that is not allowed answers 409 with those that are.'),
    assigneeId: idInput('mem').nullable().optional().describe('Null: nobody any more.'),
    comment: comment.optional().describe('Goes into the history with the change.'),
  })
  .meta({ id: 'TicketChanges', examples: [{ status: 'in_progress', comment: 'Called back.' }] });
export type TicketChanges = z.output<typeof ticketChangesSchema>;

export const newCommentSchema = z
  .strictObject({ body: comment })
  .meta({ id: 'NewComment', examples: [{ body: 'Called back; the customer brings it in on Friday.' }] });

export const ticketQuery = z.object({
  ...pageQuery.shape,
  status: oneOrMore(status, 10).optional(),
  priority: oneOrMore(priority, 10).optional(),
  category: category.optional(),
  assigneeId: z
    .union([idInput('mem'), z.literal('none').transform(() => null)])
    .optional()
    .describe('A member, or `none` for tickets nobody has taken.'),
  customerId: idInput('cus').optional(),
  callId: idInput('call').optional(),
  from: instantInput.optional().describe('Opened then or later.'),
  to: instantInput.optional().describe('Opened before.'),
  q: searchText(200)
    .optional()
    .meta({
      description: 'A reference, or how words of the ticket or its comments begin.',
      examples: ['T-1042', 'brake squeak'],
    }),
});

export const commentQuery = z.object(pageQuery.shape);

/** A new ticket with its customer and call. */
export interface NewTicket {
  readonly subject: string;
  readonly description: string;
  readonly category?: string | undefined;
  readonly priority?: TicketPriority | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly assigneeId?: MemberId | undefined;
  /** For imports; now by default. */
  readonly createdAt?: Date | undefined;
}
