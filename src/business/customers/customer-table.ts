import type { Generated } from 'kysely';
import type { TenantId } from '../../platform/data/ids.ts';
import { tenantTable } from '../../platform/data/tenant-table.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';

/** Who calls or writes. One who was merged into another stays, and leads there. */
export interface CustomerTable {
  tenantId: TenantId;
  id: CustomerId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  /** Of a number in E.164. */
  phoneEncrypted: string | null;
  phoneIndex: string | null;
  /** Of an address in lower case. */
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
