import type { TenantId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/ids/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';

/** Counts of requests by key, endpoint and day. */
export interface ApiKeyUsageTable {
  tenantId: TenantId;
  apiKeyId: ApiKeyId;
  /** `2026-03-02`, in UTC; cast to text when read. */
  day: string;
  endpoint: string;
  requests: number;
  errors: number;
  durations: JsonColumn<readonly number[]>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    apiKeyUsage: ApiKeyUsageTable;
  }
}
