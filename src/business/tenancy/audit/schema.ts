import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import type { EntryRow } from './queries.ts';

const timestamp = z.iso.datetime({ precision: 3 });
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: timestamp,
    actor: z.object({
      type: z.enum(['member', 'api-key', 'staff', 'system']),
      id: z
        .string()
        .describe('A member’s, a key’s or a member of staff’s id; a word for the server’s own work.'),
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
    example: {
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
  });

export const auditPageSchema = pageOf(auditEntrySchema).meta({ id: 'AuditPage' });

export const auditListQuery = z.object({
  ...pageQuery.shape,
  actorId: z.string().max(100).optional(),
  resource: z.string().max(100).optional().describe('Such as `member` or `ticket`.'),
  resourceId: z.string().max(100).optional(),
  action: z.string().max(100).optional().describe('Such as `member.changed`.'),
  since: instant.optional().describe('RFC 3339; at this time or later.'),
  until: instant.optional().describe('RFC 3339; before this time.'),
});

export function presentEntry(row: EntryRow): z.infer<typeof auditEntrySchema> {
  const { id, address, action, resource, resourceId, before, after } = row;
  return {
    id,
    at: row.at.toISOString(),
    actor: {
      type: row.actorType as 'member' | 'api-key' | 'staff' | 'system',
      id: row.actorId,
      impersonatedBy: row.impersonatedBy,
    },
    address,
    action,
    resource,
    resourceId,
    before,
    after,
  };
}
