import type { ApiKeyId, TenantId } from '../../src/platform/ids.ts';
import type { JsonColumn } from './json-column.ts';

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
