import type { Generated } from 'kysely';
import type { ApiKeyId, TenantId } from '../../src/platform/ids.ts';

export interface ApiKeyTable {
  tenantId: TenantId;
  id: ApiKeyId;
  name: string;
  keySha256: string;
  hint: string;
  createdAt: Generated<Date>;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}
