import type { Generated } from 'kysely';
import type { SessionId, TenantId } from '../../src/platform/ids.ts';

export interface RefreshTokenTable {
  tenantId: TenantId;
  sessionId: SessionId;
  tokenSha256: string;
  createdAt: Generated<Date>;
  expiresAt: Date;
  usedAt: Date | null;
}
