import type { CallId, TenantId } from '../../src/platform/ids.ts';

export interface CallTextTable {
  tenantId: TenantId;
  callId: CallId;
  startedAt: Date;
  /** A tsvector; written and searched by PostgreSQL alone. */
  words: string;
}
