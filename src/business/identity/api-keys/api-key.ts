import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { isNetwork } from '../../../platform/http/networks.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant, instantInput } from '../../../platform/http/rest-values.ts';
import { permissions } from '../../tenancy/actor/actor.ts';

/* Schemas of a key in rows, responses and events; only the response to its creation has the key itself. */

const mode = z.enum(['test', 'live']);

const fields = {
  id: idOf('key'),
  name: z.string(),
  mode,
  hint: z.string().describe('The last characters, to tell keys apart.'),
  scopes: z.array(z.string()).describe('Permissions; `*` stands for all, on keys made by an operator.'),
  allowedAddresses: z.array(z.string()).describe('Addresses and networks; empty: from anywhere.'),
  expiresAt: instant.nullable(),
  createdBy: z.string().nullable(),
  createdAt: instant,
  lastUsedAt: instant.nullable().describe('To the minute.'),
  revokedAt: instant.nullable(),
};

const example = {
  id: 'key_01k9zt5w3pe0wsh7v6n0gq5m8x',
  name: 'Web shop',
  mode: 'live',
  hint: 'x7Qa',
  scopes: ['orders:read', 'tickets:write'],
  allowedAddresses: ['203.0.113.0/24'],
  expiresAt: '2027-03-02T00:00:00.000Z',
  createdBy: 'mem_01k9zt4q7hf8a9j4c2y6r1d3tb',
  createdAt: '2026-03-02T09:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
};

export const apiKeySchema = z.object(fields).meta({ id: 'ApiKey', examples: [example] });

export type ApiKey = z.output<typeof apiKeySchema> & { readonly version: number };

export const createdApiKeySchema = z
  .object({
    ...fields,
    key: z.string().describe('In this answer and in no other; store it as you store a password.'),
  })
  .meta({
    id: 'NewApiKey',
    examples: [{ ...example, key: 'parley_live_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmFx7Qa' }],
  });

export const apiKeyPageSchema = pageOf(apiKeySchema).meta({ id: 'ApiKeyPage' });

export const apiKeyQuery = z.object({ ...pageQuery.shape, mode: mode.optional() });

export const apiKeyInputSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    mode: mode.default('test'),
    scopes: z.array(z.enum(permissions)).min(1).max(permissions.length).describe('No more than your own.'),
    expiresAt: instantInput.optional(),
    allowedAddresses: z
      .array(z.string().refine(isNetwork, 'must be an address or a network such as 203.0.113.0/24'))
      .max(50)
      .default([]),
  })
  .meta({
    id: 'ApiKeyWish',
    examples: [{ name: 'Web shop', mode: 'live', scopes: ['orders:read', 'tickets:write'] }],
  });

export type ApiKeyInput = z.output<typeof apiKeyInputSchema>;

export const embedQuery = z.object({ agentId: idInput('agt').describe('Who answers.') });

export const embedSchema = z
  .object({ html: z.string().describe('To be pasted into the page, with the key in its place.') })
  .meta({ id: 'ApiKeyEmbed', examples: [{ html: '<div id="parley-chat" …></div>' }] });
