import type { Generated } from 'kysely';

/** Changes in one transaction with everything the line directory is made of. */
export interface LineDirectoryStampTable {
  onlyRow: Generated<boolean>;
  version: number;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    lineDirectoryStamp: LineDirectoryStampTable;
  }
}
