import type { ColumnType, Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** A business. */
export interface TenantTable {
  id: TenantId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  slug: string;
  name: string;
  /** IANA zone. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
  legalName: Generated<string | null>;
  description: Generated<string>;
  website: Generated<string | null>;
  /** JSON of an address, encrypted as one. */
  addressEncrypted: Generated<string | null>;
  phoneEncrypted: Generated<string | null>;
  emailEncrypted: Generated<string | null>;
  /** BCP 47, the most used first. */
  languages: ColumnType<readonly string[], string | undefined, string>;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
  /** Set by the platform's staff; nobody can sign in, and calls are not answered. */
  suspendedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    tenant: TenantTable;
  }
}
