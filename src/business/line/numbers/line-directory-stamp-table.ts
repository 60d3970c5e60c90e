import type { Generated } from 'kysely';

export interface LineDirectoryStampTable {
  onlyRow: Generated<boolean>;
  version: number;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    lineDirectoryStamp: LineDirectoryStampTable;
  }
}
