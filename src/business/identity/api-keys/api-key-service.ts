import { hash, randomBytes } from 'node:crypto';
import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { Conflict, Forbidden, InvalidInput } from '../../../platform/process/errors.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { ApiKeyId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { ApiKey, ApiKeyInput } from './api-key.ts';
import { apiKeyEvents } from './api-key-events.ts';
import { type ApiKeyMode, apiKeyTable } from './api-key-table.ts';

/** A new key in clear, of which only a hash is stored. */
export interface CreatedApiKey extends ApiKey {
  readonly key: string;
}

const newestFirst = keyset({ column: 'apiKey.id' });

export function listApiKeys(
  tx: Tx,
  { limit, cursor, mode }: PageRequest & { readonly mode?: ApiKeyMode | undefined },
): Promise<Page<ApiKey>> {
  const query = tx
    .selectFrom('apiKey')
    .select(apiKeyTable.columns)
    .where(matching('apiKey', { tenantId: tx.tenantId, mode }));
  return newestFirst.page(query, { limit, cursor, direction: 'desc' });
}

export function getApiKey(tx: Tx, keyId: ApiKeyId): Promise<ApiKey> {
  return apiKeyTable.get(tx, keyId);
}

/** Creates a key, which cannot have permissions that its creator lacks. */
export function createApiKey(
  tx: Tx,
  actor: TenantActor,
  input: ApiKeyInput,
  { now }: { readonly now: Date },
): Promise<CreatedApiKey> {
  const missing = input.scopes.filter((scope) => !actor.permissions.has(scope));
  if (missing.length > 0) {
    throw new Forbidden(`A key may do what its maker may. You do not have: ${missing.join(', ')}.`, {
      code: 'permission-missing',
      data: { missing },
    });
  }
  if (input.expiresAt !== undefined && input.expiresAt <= now) {
    throw new InvalidInput(
      'The key would have expired already.',
      [{ pointer: '/expiresAt', detail: 'must be in the future' }],
      { code: 'expiry-past' },
    );
  }
  return insertApiKey(tx, actor, { ...input, createdBy: actorIdOf(actor) });
}

/** Creates a key for the operator of this server, with any permission. Not available over the API. */
export function createOperatorKey(
  tx: Tx,
  actor: TenantActor,
  { name, scopes = ['*'] }: { readonly name: string; readonly scopes?: readonly string[] },
): Promise<CreatedApiKey> {
  return insertApiKey(tx, actor, { name, scopes, mode: 'test', allowedAddresses: [], createdBy: null });
}

async function insertApiKey(
  tx: Tx,
  actor: TenantActor,
  input: Omit<ApiKeyInput, 'scopes'> & {
    readonly scopes: readonly string[];
    readonly createdBy: string | null;
  },
): Promise<CreatedApiKey> {
  const key = `parley_${input.mode}_${randomBytes(32).toString('base64url')}`;
  const after = (await apiKeyTable.insert(tx, {
    id: newId('key'),
    name: input.name,
    mode: input.mode,
    keySha256: hash('sha256', key),
    hint: key.slice(-4),
    scopes: JSON.stringify(input.scopes),
    allowedAddresses: JSON.stringify(input.allowedAddresses),
    expiresAt: input.expiresAt ?? null,
    createdBy: input.createdBy,
  }))!;
  await happened(tx, actor, apiKeyEvents.created({ subject: after.id, after }));
  return { ...after, key };
}

/** Revokes a key; idempotent. */
export async function revokeApiKey(
  tx: Tx,
  actor: TenantActor,
  keyId: ApiKeyId,
  { now }: { readonly now: Date },
): Promise<void> {
  const before = await apiKeyTable.lock(tx, keyId);
  if (before.revokedAt !== null) return;
  await apiKeyTable.update(tx, keyId, { revokedAt: now });
  await happened(tx, actor, apiKeyEvents.revoked({ subject: keyId, before }));
}

/** Returns a key that is safe in a public page, because its only scope is to chat. */
export async function getEmbeddableKey(tx: Tx, keyId: ApiKeyId): Promise<ApiKey> {
  const key = await apiKeyTable.get(tx, keyId);
  if (key.revokedAt !== null) throw new Conflict('This key was revoked.', { code: 'already-revoked' });
  if (key.scopes.some((scope) => scope !== 'chat:write')) {
    throw new Conflict('Whoever sees the page can read the key: make one with the scope chat:write alone.', {
      code: 'key-scope-too-wide',
    });
  }
  return key;
}
