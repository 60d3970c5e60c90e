import { z } from 'zod';
import type { ApiKeyMode } from './api-key-table.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, Forbidden, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { ApiKeyId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/access/actor.ts';
import type { Permission } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { KeyRow } from './queries.ts';
import * as queries from './queries.ts';
import { createApiKey, revokeApiKey } from './service.ts';
import { quantileMs } from './usage-histogram.ts';
import { listUsage } from './usage-queries.ts';

export interface KeyWish {
  readonly name: string;
  readonly mode: ApiKeyMode;
  readonly scopes: readonly Permission[];
  readonly expiresAt?: Date | undefined;
  readonly allowedAddresses: readonly string[];
}

/** A key that may do no more than who makes it. The key itself is in this answer and in no other. */
export async function makeKey(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  actor: TenantActor,
  wish: KeyWish,
): Promise<KeyRow & { readonly key: string }> {
  const missing = wish.scopes.filter((scope) => !actor.permissions.has(scope));
  if (missing.length > 0) {
    throw new Forbidden(`A key may do what its maker may. You do not have: ${missing.join(', ')}.`, {
      code: 'permission-missing',
      data: { missing },
    });
  }
  if (wish.expiresAt !== undefined && wish.expiresAt <= clock.date()) {
    throw new InvalidInput(
      'The key would have expired already.',
      [{ pointer: '/expiresAt', detail: 'must be in the future' }],
      { code: 'expiry-past' },
    );
  }
  return inTenant(db, actor.tenantId, async (transaction) => {
    const { id, key } = await createApiKey(transaction, actor.tenantId, {
      ...wish,
      expiresAt: wish.expiresAt ?? null,
      createdBy: actorIdOf(actor),
    });
    const row = (await queries.findKey(transaction, actor.tenantId, id))!;
    await recordChange(transaction, actor, {
      action: 'api-key.created',
      resource: 'api-key',
      resourceId: id,
      after: recorded(row),
    });
    return { ...row, key };
  });
}

export async function listKeys(
  db: Db,
  { tenantId }: TenantActor,
  { limit, cursor, mode }: PageRequest & { readonly mode?: ApiKeyMode | undefined },
): Promise<Page<KeyRow>> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  const rows = await inTenant(db, tenantId, (transaction) =>
    queries.listKeys(transaction, tenantId, { mode, before, limit: limit + 1 }),
  );
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => row,
  );
}

export async function getKey(db: Db, { tenantId }: TenantActor, keyId: ApiKeyId): Promise<KeyRow> {
  const row = await inTenant(db, tenantId, (transaction) => queries.findKey(transaction, tenantId, keyId));
  if (row === undefined) throw new NotFound('There is no such key.');
  return row;
}

/** For good. Revoking again changes nothing. */
export function endKey(db: Db, actor: TenantActor, keyId: ApiKeyId): Promise<void> {
  return inTenant(db, actor.tenantId, async (transaction) => {
    const before = await getKey(transaction, actor, keyId);
    if (before.revokedAt !== null) return;
    await revokeApiKey(transaction, actor.tenantId, keyId);
    await recordChange(transaction, actor, {
      action: 'api-key.revoked',
      resource: 'api-key',
      resourceId: keyId,
      before: recorded(before),
    });
  });
}

/** A key that is safe to be read by every visitor of a page: it chats, and can do nothing else. */
export async function getEmbeddableKey(db: Db, actor: TenantActor, keyId: ApiKeyId): Promise<KeyRow> {
  const row = await getKey(db, actor, keyId);
  if (row.revokedAt !== null) throw new Conflict('This key was revoked.', { code: 'already-revoked' });
  if (row.scopes.some((scope) => scope !== 'chat:write')) {
    throw new Conflict('Whoever sees the page can read the key: make one with the scope chat:write alone.', {
      code: 'key-scope-too-wide',
    });
  }
  return row;
}

export interface KeyUsage {
  /** In UTC. */
  readonly day: string;
  readonly endpoint: string;
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export async function usageOf(
  db: Db,
  actor: TenantActor,
  keyId: ApiKeyId,
  { limit, cursor, since, until }: PageRequest & { readonly since: string; readonly until: string },
): Promise<Page<KeyUsage>> {
  const { tenantId } = actor;
  const position = z.tuple([z.iso.date(), z.string()]);
  const after = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const rows = await inTenant(db, tenantId, async (transaction) => {
    await getKey(transaction, actor, keyId);
    return listUsage(transaction, tenantId, keyId, { since, until, after, limit: limit + 1 });
  });
  return toPage(
    rows,
    limit,
    ({ day, endpoint }) => [day, endpoint],
    ({ durations, ...row }) => ({
      ...row,
      p50Ms: quantileMs(durations, 0.5),
      p95Ms: quantileMs(durations, 0.95),
    }),
  );
}

function recorded({ name, mode, scopes, expiresAt, allowedAddresses }: KeyRow): object {
  return { name, mode, scopes, expiresAt, networks: allowedAddresses };
}
