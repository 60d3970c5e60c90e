import type { Generated } from 'kysely';

export interface LineDirectoryStampTable {
  onlyRow: Generated<boolean>;
  version: number;
}
