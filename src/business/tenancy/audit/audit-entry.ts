import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { instant, instantInput } from '../../../platform/http/rest-values.ts';

/* An entry of the audit log in responses. */

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: instant,
    actor: z.object({
      type: z.enum(['member', 'api-key', 'staff', 'agent', 'customer', 'system']),
      id: z
        .string()
        .describe(
          'The id of the member, key, member of staff or customer; of an agent the call or chat; a word for the server’s own work.',
        ),
      impersonatedBy: z
        .string()
        .nullable()
        .describe('The platform’s member of staff who acted for the tenant.'),
    }),
    address: z.string().nullable().describe('Where the request came from.'),
    action: z.string(),
    resource: z.string(),
    resourceId: z.string().nullable(),
    before: z.unknown().describe('Only what changed; secrets and personal data are masked.'),
    after: z.unknown(),
  })
  .meta({
    id: 'AuditEntry',
    examples: [
      {
        id: 'aud_01k9zt5w3pe0wsh7v6n0gq5m8x',
        at: '2026-03-02T09:00:00.000Z',
        actor: { type: 'member', id: 'mem_01k9zt4q7hf8a9j4c2y6r1d3tb', impersonatedBy: null },
        address: '203.0.113.7',
        action: 'member.changed',
        resource: 'member',
        resourceId: 'mem_01k9zt5w3pe0wsh7v6n0gq5m8y',
        before: { role: 'viewer' },
        after: { role: 'manager' },
      },
    ],
  });

export type AuditEntry = z.output<typeof auditEntrySchema>;

export const auditPageSchema = pageOf(auditEntrySchema).meta({ id: 'AuditPage' });

export const auditQuery = z.object({
  ...pageQuery.shape,
  actorId: z.string().max(100).optional(),
  resource: z.string().max(100).optional().describe('Such as `member` or `ticket`.'),
  resourceId: z.string().max(100).optional(),
  action: z.string().max(100).optional().describe('Such as `member.changed`.'),
  since: instantInput.optional().describe('RFC 3339; at this time or later.'),
  until: instantInput.optional().describe('RFC 3339; before this time.'),
});
