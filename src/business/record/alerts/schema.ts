import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOutput } from '../../../platform/http/rest-ids.ts';
import { instantOutput, queryFlag } from '../../../platform/http/rest-values.ts';
import type { Alert } from './service.ts';

const kind = z.enum([
  'ticket-urgent',
  'message-taken',
  'booking-cancelled',
  'order-cancelled',
  'vendor-failed',
  'number-problem',
]);

export const alertSchema = z
  .object({
    id: idOutput('alt'),
    kind,
    severity: z.enum(['info', 'warning', 'critical']),
    title: z.string(),
    body: z.string(),
    resource: z.string().nullable().describe('What it is about, in the singular.'),
    resourceId: z.string().nullable(),
    at: instantOutput,
    readAt: instantOutput.nullable().describe('When you read it; null for API keys, which read nothing.'),
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

export function presentAlert(alert: Alert): z.output<typeof alertSchema> {
  return { ...alert, at: alert.at.toISOString(), readAt: alert.readAt?.toISOString() ?? null };
}
