import type { Generated } from 'kysely';

export type CodePurpose = 'register' | 'sign-in' | 'reset-password';

/** A code sent to a phone; only the newest for a number and purpose is valid. */
export interface OneTimeCodeTable {
  id: string;
  phoneIndex: string;
  purpose: CodePurpose;
  codeHmac: string;
  wrongTries: Generated<number>;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    oneTimeCode: OneTimeCodeTable;
  }
}
