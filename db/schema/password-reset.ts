import type { PersonId } from '../../src/platform/ids.ts';

export interface PasswordResetTable {
  tokenSha256: string;
  personId: PersonId;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}
