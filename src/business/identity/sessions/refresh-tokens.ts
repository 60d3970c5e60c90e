import { hash, randomBytes } from 'node:crypto';
import type { TenantId } from '../../../platform/data/ids.ts';
import { systemActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { SessionId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { sessionEvents } from './session-events.ts';

interface SessionKey {
  readonly tenantId: TenantId;
  readonly sessionId: SessionId;
}

export type TokenUse =
  | ({ readonly status: 'used' } & SessionKey)
  /** The token is unknown or expired. */
  | { readonly status: 'unknown' }
  /** The token was used before, so somebody has a copy. The session has ended for both. */
  | { readonly status: 'reused' };

/** Creates a token, of which only a hash is stored. */
export async function addRefreshToken(
  tx: SystemTx,
  { tenantId, sessionId }: SessionKey,
  now: Date,
  expiresAt: Date,
): Promise<string> {
  const token = `prt_${randomBytes(32).toString('base64url')}`;
  await tx
    .insertInto('refreshToken')
    .values({
      tenantId,
      sessionId,
      tokenSha256: hash('sha256', token),
      createdAt: now,
      expiresAt,
      usedAt: null,
    })
    .execute();
  return token;
}

/**
 * Uses up a refresh token. Of concurrent requests with the same token one succeeds; the others wait for its transaction
 * and then find the token used.
 */
export async function takeRefreshToken(tx: SystemTx, refreshToken: string, now: Date): Promise<TokenUse> {
  const tokenSha256 = hash('sha256', refreshToken);
  const used = await tx
    .updateTable('refreshToken')
    .set({ usedAt: now })
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning(['tenantId', 'sessionId'])
    .executeTakeFirst();
  return used === undefined ? endStolenSession(tx, tokenSha256, now) : { status: 'used', ...used };
}

async function endStolenSession(tx: SystemTx, tokenSha256: string, now: Date): Promise<TokenUse> {
  const stolen = await tx
    .selectFrom('refreshToken')
    .select(['tenantId', 'sessionId'])
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is not', null)
    .executeTakeFirst();
  if (stolen === undefined) return { status: 'unknown' };
  const { tenantId, sessionId } = stolen;
  const reason = 'refresh-token-reused';
  const ended = await tx
    .updateTable('session')
    .set({ endedAt: now, endedReason: reason })
    .where('tenantId', '=', tenantId)
    .where('id', '=', sessionId)
    .where('endedAt', 'is', null)
    .returning('device')
    .executeTakeFirst();
  if (ended !== undefined) {
    const event = sessionEvents.ended({ subject: sessionId, details: { reason, device: ended.device } });
    await happened(tx, systemActor(tenantId, 'refresh'), event);
  }
  return { status: 'reused' };
}

export async function removeExpiredTokens(
  tx: SystemTx,
  { tenantId, sessionId }: SessionKey,
  now: Date,
): Promise<void> {
  await tx
    .deleteFrom('refreshToken')
    .where('tenantId', '=', tenantId)
    .where('sessionId', '=', sessionId)
    .where('expiresAt', '<=', now)
    .execute();
}
