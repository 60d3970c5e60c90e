import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { SessionId } from '../../tenancy/ids/ids.ts';

/** A one-time token; its second use ends the session. */
export interface RefreshTokenTable {
  tenantId: TenantId;
  sessionId: SessionId;
  tokenSha256: string;
  createdAt: Generated<Date>;
  expiresAt: Date;
  usedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    refreshToken: RefreshTokenTable;
  }
}
