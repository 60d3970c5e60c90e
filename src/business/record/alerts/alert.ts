import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant, queryFlag } from '../../../platform/http/rest-values.ts';

/* A notice to the people of the business: what happened, and where to look. */

const kind = z.enum([
  'ticket-urgent',
  'message-taken',
  'booking-cancelled',
  'order-cancelled',
  'vendor-failed',
  'number-problem',
]);
const severity = z.enum(['info', 'warning', 'critical']);

export type AlertKind = z.output<typeof kind>;
export type AlertSeverity = z.output<typeof severity>;

export const alertSchema = z
  .object({
    id: idOf('alt'),
    kind,
    severity,
    title: z.string(),
    body: z.string(),
    resource: z.string().nullable().describe('What it is about, in the singular.'),
    resourceId: z.string().nullable(),
    at: instant,
    readAt: instant.nullable().describe('When you read it; null for API keys, which read nothing.'),
  })
  .meta({
    id: 'Alert',
    examples: [
      {
        id: 'alt_01h2xcejqtf2nbrexx3vqjhp41',
        kind: 'ticket-urgent',
        severity: 'critical',
        title: 'Ticket T-1042 is urgent',
        body: '',
        resource: 'ticket',
        resourceId: 'tkt_01h2xcejqtf2nbrexx3vqjhp41',
        at: '2026-11-24T15:30:00.000Z',
        readAt: null,
      },
    ],
  });

export type Alert = z.output<typeof alertSchema>;

export const alertPageSchema = pageOf(alertSchema).meta({ id: 'AlertPage' });

export const alertQuery = z.object({
  ...pageQuery.shape,
  kind: kind.optional(),
  unread: queryFlag.optional().describe('Only those you have not read, or only those you have.'),
});

export const unreadCountSchema = z
  .object({ unread: z.int().describe('Of the newest thousand.') })
  .meta({ id: 'UnreadAlerts', examples: [{ unread: 3 }] });

export const markedSchema = z
  .object({ marked: z.int().describe('How many were unread until now.') })
  .meta({ id: 'MarkedAlerts', examples: [{ marked: 3 }] });
