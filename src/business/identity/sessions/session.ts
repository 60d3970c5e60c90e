import { z } from 'zod';
import { pageOf } from '../../../platform/data/paging.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';

/* A session in responses to its person. */

export const sessionSchema = z
  .object({
    id: idOf('ses'),
    device: z.string().describe('What its owner would recognise it by.'),
    userAgent: z.string(),
    address: z.string().describe('Where it was last seen from.'),
    tenant: z.object({ id: idOf('tnt'), name: z.string() }),
    createdAt: instant,
    lastSeenAt: instant.describe('To about a quarter of an hour.'),
    expiresAt: instant,
    isCurrent: z.boolean().describe('The one this request is made with.'),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id: 'ses_01jz5m3k9qe8xr4t6v2w7y0abc',
        device: 'Firefox on Windows',
        userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
        address: '203.0.113.7',
        tenant: { id: 'tnt_01jz5m3k9qe8xr4t6v2w7y0abd', name: 'Harbour Street Cycles' },
        createdAt: '2026-03-02T09:00:00.000Z',
        lastSeenAt: '2026-03-02T11:30:00.000Z',
        expiresAt: '2026-04-01T11:30:00.000Z',
        isCurrent: true,
      },
    ],
  });

export type Session = z.output<typeof sessionSchema>;

export const sessionPageSchema = pageOf(sessionSchema);

export const endedSessionsSchema = z
  .object({ ended: z.number().int().describe('How many there were.') })
  .meta({ id: 'EndedSessions', examples: [{ ended: 2 }] });
