import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId } from '../../tenancy/ids/ids.ts';

/**
 * What was said on a call, for searching.
 * @projection the turns of the call
 */
export interface CallTextTable {
  tenantId: TenantId;
  callId: CallId;
  startedAt: Date;
  /** A tsvector; written and searched by PostgreSQL alone. */
  words: string;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    callText: CallTextTable;
  }
}
