import type { Generated } from 'kysely';
import type { TenantId } from '../../src/platform/ids.ts';

export interface IdempotencyKeyTable {
  tenantId: TenantId;
  actorId: string;
  key: string;
  requestSha256: string;
  createdAt: Generated<Date>;
  status: number | null;
  contentType: string | null;
  bodyEncrypted: string | null;
}
