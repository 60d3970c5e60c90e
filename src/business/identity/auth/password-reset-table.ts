import type { PersonId } from '../../tenancy/ids/ids.ts';

/** A link to set a new password, used once. */
export interface PasswordResetTable {
  tokenSha256: string;
  personId: PersonId;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    passwordReset: PasswordResetTable;
  }
}
