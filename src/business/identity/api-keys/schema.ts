import { z } from 'zod';
import { isNetwork } from '../../../platform/http/networks.ts';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput } from '../../../platform/http/rest-ids.ts';
import { permissions } from '../../tenancy/access/permissions.ts';
import type { KeyRow } from './queries.ts';

const timestamp = z.iso.datetime({ precision: 3 });
const mode = z.enum(['test', 'live']);

const fields = {
  id: z.string(),
  name: z.string(),
  mode,
  hint: z.string().describe('The last characters, to tell keys apart.'),
  scopes: z.array(z.string()).describe('Permissions; `*` stands for all, on keys made by an operator.'),
  allowedAddresses: z.array(z.string()).describe('Addresses and networks; empty: from anywhere.'),
  expiresAt: timestamp.nullable(),
  createdBy: z.string().nullable(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable().describe('To the minute.'),
  revokedAt: timestamp.nullable(),
};

const example = {
  id: 'key_01k9zt5w3pe0wsh7v6n0gq5m8x',
  name: 'Web shop',
  mode: 'live' as const,
  hint: 'x7Qa',
  scopes: ['orders:read', 'tickets:write'],
  allowedAddresses: ['203.0.113.0/24'],
  expiresAt: '2027-03-02T00:00:00.000Z',
  createdBy: 'mem_01k9zt4q7hf8a9j4c2y6r1d3tb',
  createdAt: '2026-03-02T09:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
};

export const apiKeySchema = z.object(fields).meta({ id: 'ApiKey', example });

export const newApiKeySchema = z
  .object({ ...fields, key: z.string().describe('Shown this once; keep it as you keep a password.') })
  .meta({
    id: 'NewApiKey',
    example: { ...example, key: 'parley_live_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmFx7Qa' },
  });

export const apiKeyPageSchema = pageOf(apiKeySchema).meta({ id: 'ApiKeyPage' });

export const apiKeyListQuery = z.object({ ...pageQuery.shape, mode: mode.optional() });

export const apiKeyWishSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    mode: mode.default('test'),
    scopes: z.array(z.enum(permissions)).min(1).max(permissions.length).describe('No more than your own.'),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    allowedAddresses: z
      .array(z.string().refine(isNetwork, 'must be an address or a network such as 203.0.113.0/24'))
      .max(50)
      .default([]),
  })
  .meta({
    id: 'ApiKeyWish',
    example: { name: 'Web shop', mode: 'live', scopes: ['orders:read', 'tickets:write'] },
  });

export const embedQuery = z.object({ agentId: idInput('agt').describe('Who answers.') });

export const embedSchema = z
  .object({ html: z.string().describe('To be pasted into the page, with the key in its place.') })
  .meta({ id: 'ApiKeyEmbed', example: { html: '<div id="parley-chat" …></div>' } });

export const usageQuery = z.object({
  ...pageQuery.shape,
  since: z.iso.date().optional().describe('UTC; a month before `until` unless named.'),
  until: z.iso.date().optional().describe('UTC, inclusive; today unless named.'),
});

export const usagePageSchema = pageOf(
  z
    .object({
      day: z.iso.date().describe('In UTC.'),
      endpoint: z.string(),
      requests: z.int(),
      errors: z.int().describe('Answered with a status of 400 or more.'),
      p50Ms: z.number().nullable().describe('Half of the answers took no longer.'),
      p95Ms: z.number().nullable(),
    })
    .meta({
      id: 'ApiKeyUsage',
      example: {
        day: '2026-03-02',
        endpoint: 'GET /v1/calls',
        requests: 1_204,
        errors: 3,
        p50Ms: 4.2,
        p95Ms: 11.8,
      },
    }),
).meta({ id: 'ApiKeyUsagePage' });

export function presentKey(row: KeyRow): z.infer<typeof apiKeySchema> {
  const { id, name, mode: keyMode, hint, scopes, allowedAddresses, createdBy } = row;
  return {
    id,
    name,
    mode: keyMode,
    hint,
    scopes: [...scopes],
    allowedAddresses: [...allowedAddresses],
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
