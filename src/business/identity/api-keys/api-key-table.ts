import type { ColumnType, Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { ApiKeyId } from '../../tenancy/ids/ids.ts';

export type ApiKeyMode = 'test' | 'live';

/** An API key, of which only a hash is stored. */
export interface ApiKeyTable {
  tenantId: TenantId;
  id: ApiKeyId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  name: string;
  keySha256: string;
  hint: string;
  mode: Generated<ApiKeyMode>;
  scopes: ColumnType<string[], string | undefined, string>;
  expiresAt: Date | null;
  allowedAddresses: ColumnType<string[], string | undefined, string>;
  createdBy: string | null;
  createdAt: Generated<Date>;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    apiKey: ApiKeyTable;
  }
}

export const apiKeyTable = tenantTable('apiKey', {
  what: 'key',
  columns: [
    'id',
    'version',
    'name',
    'mode',
    'hint',
    'scopes',
    'expiresAt',
    'allowedAddresses',
    'createdBy',
    'createdAt',
    'lastUsedAt',
    'revokedAt',
  ],
});
