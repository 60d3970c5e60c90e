import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** A request with an `Idempotency-Key`, and its stored answer. */
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

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    idempotencyKey: IdempotencyKeyTable;
  }
}
