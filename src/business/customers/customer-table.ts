import type { Generated } from 'kysely';
import type { TenantId } from '../../platform/data/ids.ts';
import { tenantTable } from '../../platform/data/tenant-table.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';

/** A customer. One that was merged into another is kept and refers to it. */
export interface CustomerTable {
  tenantId: TenantId;
  id: CustomerId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  /** A number in E.164, encrypted. */
  phoneEncrypted: string | null;
  phoneIndex: string | null;
  /** An address in lower case, encrypted. */
  emailEncrypted: string | null;
  emailIndex: string | null;
  addressEncrypted: string | null;
  name: string | null;
  nameKey: string | null;
  lastNameKey: string | null;
  mergedInto: CustomerId | null;
  erasedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../platform/data/tables.ts' {
  interface Tables {
    customer: CustomerTable;
  }
}

export const customerTable = tenantTable('customer', {
  what: 'customer',
  columns: [
    'id',
    'version',
    'phoneEncrypted',
    'emailEncrypted',
    'addressEncrypted',
    'name',
    'mergedInto',
    'erasedAt',
    'createdAt',
    'updatedAt',
  ],
});

export type CustomerRow = NonNullable<Awaited<ReturnType<typeof customerTable.find>>>;
